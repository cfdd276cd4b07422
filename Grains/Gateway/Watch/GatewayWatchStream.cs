using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>The watchers of one RPC and the batches that wait for its reader. Watchers belong to the hub's lock, batches to this one's.</summary>
internal sealed class GatewayWatchStream(GatewayWatchHub hub, GatewayWatchOptions options) : IWatchStream
{
    private readonly Lock _lock = new();
    private readonly AsyncSignal _readable = new();
    private readonly Queue<(WatchBatch Batch, long Bytes)> _batches = [];
    private int _eventBatches;
    private long _eventBytes;
    private bool _parked;
    private bool _ended;

    /// <summary>Hub's lock.</summary>
    public Dictionary<long, GatewayWatcher> Watchers { get; } = [];

    /// <summary>Unanswered requests for progress. Hub's lock.</summary>
    public int PendingProgress { get; set; }

    /// <summary>Hub's lock.</summary>
    public bool IsClosed { get; set; }

    public void Create(WatchRequest request) => hub.Create(this, request);

    public bool Contains(long watchId) => hub.Contains(this, watchId);

    public bool Cancel(long watchId) => hub.Cancel(this, watchId);

    public void RequestProgress() => hub.RequestProgress(this, GatewayWatchHub.WholeStream);

    public void RequestProgress(long watchId) => hub.RequestProgress(this, watchId);

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
        var hasRoomAgain = false;
        lock (_lock)
        {
            if (!_batches.TryDequeue(out var buffered))
            {
                batch = default;
                return false;
            }

            batch = buffered.Batch;
            if (batch.Kind == WatchBatchKind.Events)
            {
                _eventBatches--;
                _eventBytes -= buffered.Bytes;
            }

            // Half empty, not at once: a watcher that resumes asks a member, which should pay for more than one batch.
            if (_parked && _eventBatches <= options.MaxBufferedBatches / 2 && _eventBytes <= options.MaxBufferedBytes / 2)
            {
                _parked = false;
                hasRoomAgain = true;
            }
        }

        if (hasRoomAgain)
        {
            hub.Resume(this);
        }

        return true;
    }

    public ValueTask DisposeAsync()
    {
        hub.Close(this);
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>No more batches will come; those that wait can still be read.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }

        _readable.Stop();
    }

    /// <summary>Adds events for a watcher; false if there is no room. Then <see cref="GatewayWatchHub.Resume"/> follows.</summary>
    public bool TryPushEvents(long watchId, IReadOnlyList<WatchEvent> events, long revision)
    {
        var bytes = EventSize.Of(events);
        lock (_lock)
        {
            if (_eventBatches >= options.MaxBufferedBatches || (_eventBytes >= options.MaxBufferedBytes && _eventBatches > 0))
            {
                _parked = true;
                return false;
            }

            _eventBatches++;
            _eventBytes += bytes;
            _batches.Enqueue((new WatchBatch { WatchId = watchId, Kind = WatchBatchKind.Events, Revision = revision, Events = events }, bytes));
        }

        _readable.Signal();
        return true;
    }

    /// <summary>Adds an answer. There are as many as requests, which are bounded where they come in.</summary>
    public void PushAnswer(long watchId, WatchBatchKind kind, long revision, long compactRevision = 0)
    {
        lock (_lock)
        {
            _batches.Enqueue((new WatchBatch { WatchId = watchId, Kind = kind, Revision = revision, CompactRevision = compactRevision, Events = [] }, 0));
        }

        _readable.Signal();
    }
}
