namespace Krewe.Grains.Interfaces.Watch;

/// <summary>The watchers of one RPC. Calls may come from any thread; batches are read by one reader.</summary>
public interface IWatchStream : IAsyncDisposable
{
    /// <summary>Adds a watcher; a <see cref="WatchBatchKind.Created"/> batch precedes all its others. The id must be free (see <see cref="Contains"/>).</summary>
    void Create(WatchRequest request);

    /// <summary>Whether a watcher with this id lives on the stream.</summary>
    bool Contains(long watchId);

    /// <summary>Removes a watcher; a <see cref="WatchBatchKind.Canceled"/> batch is its last. False, and silence, for an unknown id (behaviours 124, 125).</summary>
    bool Cancel(long watchId);

    /// <summary>Asks for one progress batch with id -1 once all watchers are caught up; silently dropped otherwise (behaviours 146-148).</summary>
    void RequestProgress();

    /// <summary>
    /// Asks for one <see cref="WatchBatchKind.Progress"/> batch with this watcher's id; dropped unless it is caught up and its start
    /// revision is not in the future (behaviours 142, 145). <c>Api</c> keeps the timer.
    /// </summary>
    void RequestProgress(long watchId);

    /// <summary>
    /// Waits for the next batch. Bounded inside: a watcher that is too slow falls back to reading the store and loses nothing (behaviour 138).
    /// Returns false when the hub stops.
    /// </summary>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes a batch that is there; false if none is.</summary>
    bool TryRead(out WatchBatch batch);
}
