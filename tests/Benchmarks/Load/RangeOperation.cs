using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Reads one key, or <paramref name="span"/> neighbouring keys; all of them exist.</summary>
internal sealed class RangeOperation(KeySpace keys, ValuePool values, int span, bool serializable) : Operation(Methods.Range)
{
    private readonly RequestTemplate _template = new(Request(keys, span, serializable), keys, values, 0, span);

    public override ReadOnlySpan<byte> Prepare(SplitMix random) => _template.Fill(random.Next(keys.Count - span + 1), random);

    public override long Verify(ReadOnlySpan<byte> response)
    {
        var (revision, kvs) = ResponseReader.ReadRange(response);
        return kvs == span ? RequireRevision(revision) : throw new BenchmarkException($"a range of {span} keys returned {kvs}");
    }

    private static RangeRequest Request(KeySpace keys, int span, bool serializable)
    {
        var request = new RangeRequest { Key = keys.PlaceholderString(), Serializable = serializable };
        if (span > 1)
        {
            request.RangeEnd = keys.PlaceholderString(span);
        }

        return request;
    }
}
