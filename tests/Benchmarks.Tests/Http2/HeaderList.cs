using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

/// <summary>Collects decoded headers as "name: value".</summary>
internal readonly struct HeaderList() : IHeaderSink
{
    public List<string> Lines { get; } = [];

    public void OnHeader(HeaderField field) => Lines.Add($"{field.Name}: {field.Value}");

    public static string[] Decode(HpackDecoder decoder, string hex)
    {
        var list = new HeaderList();
        decoder.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), ref list);
        return [.. list.Lines];
    }
}
