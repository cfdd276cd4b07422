using System.Diagnostics;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>A client with one request in flight: the next one starts when the answer has come.</summary>
internal sealed class UnaryClient : IStreamHandler
{
    private readonly Http2Connection _connection;
    private readonly OperationMix _mix;
    private readonly SplitMix _random;
    private readonly Tally _tally;
    private readonly MeasuredWindow _window;
    private readonly Http2Stream _stream;
    private Operation? _operation;
    private long _startedAt;
    private long _revision;
    private bool _answered;

    public UnaryClient(Http2Connection connection, OperationMix mix, SplitMix random, Tally tally, MeasuredWindow window)
    {
        _connection = connection;
        _mix = mix;
        _random = random;
        _tally = tally;
        _window = window;
        _stream = new Http2Stream(this);
    }

    public bool IsIdle => _stream.Id == 0;

    /// <summary>When the request in flight was sent, in Stopwatch ticks.</summary>
    public long StartedAt => _startedAt;

    public void Next(long now)
    {
        _startedAt = now;
        _answered = false;
        _operation = _mix.Next(_random);
        _connection.Start(_stream, _operation.Path);
        _connection.SendMessage(_stream, _operation.Prepare(_random), endStream: true);
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message)
    {
        var revision = _operation!.Verify(message);
        if (revision < _revision)
        {
            throw new BenchmarkException($"the revision went back from {_revision} to {revision}");
        }

        _revision = revision;
        _answered = true;
    }

    public void OnClosed(Http2Stream stream, in ResponseHead head)
    {
        var now = Stopwatch.GetTimestamp();
        if (head.IsOk && _answered)
        {
            _tally.Record(now - _startedAt);
        }
        else
        {
            _tally.RecordError(in head);
        }

        if (!_window.IsStopped)
        {
            Next(now);
        }
    }
}
