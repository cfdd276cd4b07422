using Google.Protobuf;
using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Load;

/// <summary>One unary call outside of the measurement.</summary>
internal sealed class CallOnce : IStreamHandler
{
    private const int TimeoutMilliseconds = 10_000;
    private byte[]? _answer;
    private bool _closed;

    public static byte[] Send(LoadLoop loop, Http2Connection connection, string path, IMessage request)
    {
        var call = new CallOnce();
        var stream = new Http2Stream(call);
        connection.Start(stream, path);
        connection.SendMessage(stream, request.ToByteArray(), endStream: true);
        loop.PollUntil(() => call._closed, TimeoutMilliseconds);
        return stream.Head.IsOk && call._answer is not null
            ? call._answer
            : throw new BenchmarkException($"{path} failed: {stream.Head}");
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message) => _answer = message.ToArray();

    public void OnClosed(Http2Stream stream, in ResponseHead head) => _closed = true;
}
