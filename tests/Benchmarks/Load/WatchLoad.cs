using System.Diagnostics;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Writers at a rate, and watchers that each receive every put. An operation is one event at one watcher.</summary>
/// <remarks>Watchers have connections of their own (the second half), so that puts do not queue behind events.</remarks>
internal sealed class WatchLoad(LoadSettings settings, KeySpace keys, ValuePool values, MeasuredWindow window) : ILoad
{
    private const int SetupMilliseconds = 30_000;
    private const int DrainMilliseconds = 30_000;

    private readonly List<WatchStream> _streams = [];
    private readonly Stack<WatchWriter> _idle = [];
    private readonly AckTimes _ackTimes = new();
    private readonly LatencyHistogram _ackToEvent = new();
    private readonly LatencyHistogram _puts = new();
    private long _startedAt;
    private long _issued;
    private long _acknowledged;
    private long _events;

    public Tally Tally { get; } = new(window);

    public int PollMilliseconds => 1;

    public void Start(LoadLoop loop)
    {
        var watchConnections = Math.Max(1, loop.Connections.Count / 2);
        StartWatches(loop, watchConnections);
        var writeConnections = Math.Max(1, loop.Connections.Count - watchConnections);
        var random = new SplitMix(settings.Seed);
        var put = new PutOperation(keys, values, stamped: true);
        for (var i = 0; i < settings.Clients; i++)
        {
            _idle.Push(new WatchWriter(loop.Connections[i % writeConnections], put, random, this));
        }

        _startedAt = Stopwatch.GetTimestamp();
    }

    public void Tick(long now)
    {
        var allowed = settings.WatchRate == 0
            ? long.MaxValue
            : (long)(Stopwatch.GetElapsedTime(_startedAt, now).TotalSeconds * settings.WatchRate);
        while (_issued < allowed && _idle.TryPop(out var writer))
        {
            _issued++;
            writer.Put();
        }
    }

    public void Finish(LoadLoop loop)
    {
        loop.PollUntil(() => _acknowledged == _issued, DrainMilliseconds);
        loop.PollUntil(() => _events >= _acknowledged * settings.Watchers, DrainMilliseconds);
        if (_events != _acknowledged * settings.Watchers)
        {
            throw new BenchmarkException($"{_acknowledged} puts gave {_events} events at {settings.Watchers} watchers");
        }
    }

    public void OnAcknowledged(WatchWriter writer, long revision, long ticks)
    {
        _acknowledged++;
        if (window.IsOpen)
        {
            _puts.Record(Tally.ToNanoseconds(ticks));
        }

        _ackTimes.Add(revision, Stopwatch.GetTimestamp());
        _idle.Push(writer);
    }

    public void OnEvent(long revision, long sentAt)
    {
        var now = Stopwatch.GetTimestamp();
        _events++;
        if (window.TryCount())
        {
            Tally.Latency.Record(Tally.ToNanoseconds(now - sentAt));
            _ackToEvent.Record(_ackTimes.TryGet(revision, out var ackedAt) ? Tally.ToNanoseconds(now - ackedAt) : 0);
        }
    }

    public WatchFigures? WatchFigures(double seconds) => new(
        _puts.Count / seconds, LatencySummary.Of(_puts), LatencySummary.Of(_ackToEvent));

    private void StartWatches(LoadLoop loop, int watchConnections)
    {
        var streams = Math.Min(settings.WatchStreams, settings.Watchers);
        for (var i = 0; i < streams; i++)
        {
            var watches = (settings.Watchers / streams) + (i < settings.Watchers % streams ? 1 : 0);
            var connection = loop.Connections[^(1 + (i % watchConnections))];
            var stream = new WatchStream(connection, this, watches);
            _streams.Add(stream);
            stream.Start();
        }

        loop.PollUntil(() => _streams.TrueForAll(stream => stream.IsCreated), SetupMilliseconds);
    }
}
