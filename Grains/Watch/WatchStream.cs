using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>The watchers of one RPC and the batches that wait for its reader.</summary>
internal sealed class WatchStream(WatchHub hub, WatchHubOptions options) : IWatchStream
{
    private readonly WatchBatchBuffer<Watcher> _buffer = new(options.MaxBufferedBatches, options.MaxBufferedBytes);

    /// <summary>Live watchers by id. Hub's lock.</summary>
    public Dictionary<long, Watcher> Watchers { get; } = [];

    /// <summary>Watchers of it that are not in the live flow. Hub's lock.</summary>
    public int CatchingUp { get; set; }

    /// <summary>Progress requests that wait for the live flow to reach a revision. Hub's lock.</summary>
    public int PendingProgress { get; set; }

    /// <summary>Hub's lock.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Events that wait for the reader.</summary>
    public long BufferedEvents => _buffer.Events;

    public void Create(WatchRequest request) => hub.Create(this, request);

    public bool Contains(long watchId) => hub.Contains(this, watchId);

    public bool Cancel(long watchId) => hub.Cancel(this, watchId);

    public void RequestProgress() => hub.RequestProgress(this);

    public void RequestProgress(long watchId) => hub.RequestProgress(this, watchId);

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _buffer.WaitToReadAsync(cancellationToken);

    public bool TryRead(out WatchBatch batch)
    {
        var isRead = _buffer.TryRead(out batch, out var resumed);
        foreach (var watcher in resumed)
        {
            hub.EnqueueCatchUp(watcher);
        }

        return isRead;
    }

    public ValueTask DisposeAsync()
    {
        hub.Close(this);
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>No more batches will come; those that wait can still be read.</summary>
    public void End() => _buffer.End();

    /// <summary>
    /// Adds events for a watcher. False if there is no room: then the watcher is parked, and goes to the catch-up loop when
    /// the reader has made room.
    /// </summary>
    public bool TryPushEvents(Watcher watcher, IReadOnlyList<WatchEvent> events, long revision, long bytes) =>
        _buffer.TryAddEvents(watcher, watcher.Id, events, revision, bytes);

    /// <summary>Parks the watcher if there is no room for its next events.</summary>
    public bool ParkIfFull(Watcher watcher) => _buffer.WaitIfFull(watcher);

    /// <summary>Adds an answer; one of progress is dropped if too many wait.</summary>
    public void PushAnswer(long watchId, WatchBatchKind kind, long revision, long compactRevision = 0) =>
        _buffer.AddAnswer(watchId, kind, revision, compactRevision, kind == WatchBatchKind.Progress ? options.MaxBufferedAnswers : int.MaxValue);
}
