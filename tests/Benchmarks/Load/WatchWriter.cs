using System.Diagnostics;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Puts stamped values; told when to, so that all writers together keep a rate.</summary>
internal sealed class WatchWriter : IStreamHandler
{
    private readonly Http2Connection _connection;
    private readonly PutOperation _operation;
    private readonly SplitMix _random;
    private readonly WatchLoad _load;
    private readonly Http2Stream _stream;
    private long _startedAt;
    private long _revision;

    public WatchWriter(Http2Connection connection, PutOperation operation, SplitMix random, WatchLoad load)
    {
        _connection = connection;
        _operation = operation;
        _random = random;
        _load = load;
        _stream = new Http2Stream(this);
    }

    public void Put()
    {
        _startedAt = Stopwatch.GetTimestamp();
        _connection.Start(_stream, _operation.Path);
        _connection.SendMessage(_stream, _operation.Prepare(_random), endStream: true);
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message) => _revision = _operation.Verify(message);

    public void OnClosed(Http2Stream stream, in ResponseHead head)
    {
        if (!head.IsOk)
        {
            throw new BenchmarkException($"a put of the watch workload failed: {head}");
        }

        _load.OnAcknowledged(this, _revision, Stopwatch.GetTimestamp() - _startedAt);
    }
}
