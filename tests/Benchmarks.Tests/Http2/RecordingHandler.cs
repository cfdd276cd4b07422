using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

/// <summary>Remembers what a call received.</summary>
internal sealed class RecordingHandler : IStreamHandler
{
    public List<string> Messages { get; } = [];

    public List<ResponseHead> Closed { get; } = [];

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message) => Messages.Add(Convert.ToHexString(message));

    public void OnClosed(Http2Stream stream, in ResponseHead head) => Closed.Add(head);
}
