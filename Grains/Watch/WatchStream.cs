using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>The watchers of one RPC and the batches that wait for its reader. Watchers belong to the hub's lock, batches to this one's.</summary>
internal sealed class WatchStream : IWatchStream
{
    private readonly WatchHub _hub;
    private readonly WatchHubOptions _options;
    private readonly Lock _lock = new();
    private readonly AsyncSignal _readable = new();
    private readonly Queue<BufferedBatch> _batches = [];
    private readonly List<Watcher> _parked = [];
    private int _eventBatches;
    private long _eventBytes;
    private long _bufferedEvents;
    private bool _ended;

    public WatchStream(WatchHub hub, WatchHubOptions options)
    {
        _hub = hub;
        _options = options;
    }

    /// <summary>Live watchers by id. Hub's lock.</summary>
    public Dictionary<long, Watcher> Watchers { get; } = [];

    /// <summary>Watchers of it that are not in the live flow. Hub's lock.</summary>
    public int CatchingUp { get; set; }

    /// <summary>Progress requests that wait for the live flow to reach a revision. Hub's lock.</summary>
    public int PendingProgress { get; set; }

    /// <summary>Hub's lock.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Events that wait for the reader.</summary>
    public long BufferedEvents
    {
        get
        {
            lock (_lock)
            {
                return _bufferedEvents;
            }
        }
    }

    public void Create(WatchRequest request) => _hub.Create(this, request);

    public bool Contains(long watchId) => _hub.Contains(this, watchId);

    public bool Cancel(long watchId) => _hub.Cancel(this, watchId);

    public void RequestProgress() => _hub.RequestProgress(this);

    public void RequestProgress(long watchId) => _hub.RequestProgress(this, watchId);

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_batches.Count != 0)
                {
                    return true;
                }

                if (_ended)
                {
                    return false;
                }
            }

            await _readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public bool TryRead(out WatchBatch batch)
    {
        Watcher[] resumed = [];
        lock (_lock)
        {
            if (!_batches.TryDequeue(out BufferedBatch buffered))
            {
                batch = default;
                return false;
            }

            batch = buffered.Batch;
            if (batch.Kind == WatchBatchKind.Events)
            {
                _eventBatches--;
                _eventBytes -= buffered.Bytes;
                _bufferedEvents -= batch.Events.Count;
            }

            // Half empty, not at once: a watcher that resumes reads the store, which should pay for more than one batch.
            if (_parked.Count != 0 && _eventBatches <= _options.MaxBufferedBatches / 2 && _eventBytes <= _options.MaxBufferedBytes / 2)
            {
                resumed = [.. _parked];
                _parked.Clear();
            }
        }

        foreach (Watcher watcher in resumed)
        {
            _hub.EnqueueCatchUp(watcher);
        }

        return true;
    }

    public ValueTask DisposeAsync()
    {
        _hub.Close(this);
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>No more batches will come; those that wait can still be read.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _parked.Clear();
        }

        _readable.Stop();
    }

    /// <summary>
    /// Adds events for a watcher. False if there is no room: then the watcher is parked, and goes to the catch-up loop when
    /// the reader has made room.
    /// </summary>
    public bool TryPushEvents(Watcher watcher, IReadOnlyList<WatchEvent> events, long revision, long bytes)
    {
        lock (_lock)
        {
            if (IsFull)
            {
                _parked.Add(watcher);
                return false;
            }

            _eventBatches++;
            _eventBytes += bytes;
            _bufferedEvents += events.Count;
            _batches.Enqueue(new BufferedBatch(
                new WatchBatch { WatchId = watcher.Id, Kind = WatchBatchKind.Events, Revision = revision, Events = events },
                bytes));
        }

        _readable.Signal();
        return true;
    }

    /// <summary>Parks the watcher if there is no room for its next events.</summary>
    public bool ParkIfFull(Watcher watcher)
    {
        lock (_lock)
        {
            if (IsFull)
            {
                _parked.Add(watcher);
                return true;
            }
        }

        return false;
    }

    public void PushAnswer(long watchId, WatchBatchKind kind, long revision, long compactRevision = 0)
    {
        lock (_lock)
        {
            if (kind == WatchBatchKind.Progress && _batches.Count - _eventBatches >= _options.MaxBufferedAnswers)
            {
                return;
            }

            var batch = new WatchBatch { WatchId = watchId, Kind = kind, Revision = revision, CompactRevision = compactRevision, Events = [] };
            _batches.Enqueue(new BufferedBatch(batch, 0));
        }

        _readable.Signal();
    }

    private bool IsFull => _eventBatches >= _options.MaxBufferedBatches || (_eventBytes >= _options.MaxBufferedBytes && _eventBatches > 0);

    private readonly record struct BufferedBatch(WatchBatch Batch, long Bytes);
}
