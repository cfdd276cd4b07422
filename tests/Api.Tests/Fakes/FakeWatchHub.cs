using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Tests.Fakes;

/// <summary>Watchers that see what the fake keyspace publishes.</summary>
internal sealed class FakeWatchHub : IWatchHub
{
    private readonly FakeStatus _status;
    private readonly List<FakeWatchStream> _streams = [];
    private readonly List<RevisionEvents> _history = [];

    public FakeWatchHub(FakeStatus status, FakeKeyspace keyspace)
    {
        _status = status;
        keyspace.Published = Publish;
    }

    /// <summary>A start below it is answered as compacted.</summary>
    public long CompactRevision { get; set; }

    /// <summary>A watcher whose cancellation fails.</summary>
    public long? StuckWatch { get; set; }

    public int OpenStreams
    {
        get
        {
            lock (_streams)
            {
                return _streams.Count;
            }
        }
    }

    public IWatchStream OpenStream()
    {
        var stream = new FakeWatchStream(this, _status);
        lock (_streams)
        {
            _streams.Add(stream);
        }

        return stream;
    }

    public void Close(FakeWatchStream stream)
    {
        lock (_streams)
        {
            _streams.Remove(stream);
        }
    }

    public void Publish(RevisionEvents events)
    {
        lock (_streams)
        {
            _history.Add(events);
            _streams.ForEach(s => s.Publish(events));
        }
    }

    /// <summary>Lets a stream add a watcher with the events that it missed, with none in between.</summary>
    public void Join(long startRevision, Action<IReadOnlyList<RevisionEvents>> join)
    {
        lock (_streams)
        {
            join(startRevision == 0 ? [] : [.. _history.Where(e => e.Revision >= startRevision)]);
        }
    }

    public void Stop()
    {
        lock (_streams)
        {
            _streams.ForEach(s => s.Complete());
        }
    }
}
