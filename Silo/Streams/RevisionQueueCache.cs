using Krewe.Grains.Watch;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>
/// Orleans' queue cache without a cache: cursors read the log of recent revisions, and below it the store, so nothing is kept twice, no
/// subscriber holds up another, and every stream can be rewound to the compaction revision.
/// </summary>
internal sealed class RevisionQueueCache : IQueueCache, IQueueAdapterCache
{
    /// <summary>The agent gets one container a read; the number only has to be positive.</summary>
    private const int MaxAddCount = 16;
    private readonly RevisionLog _log;
    private readonly IRevisionHistory _history;
    private readonly RevisionStreamOptions _options;
    private readonly Lock _lock = new();
    private int _cursors;

    public RevisionQueueCache(RevisionLog log, IRevisionHistory history, RevisionStreamOptions options)
    {
        _log = log;
        _history = history;
        _options = options;
    }

    /// <summary>Raised when the first cursor comes (true) and when the last one goes (false).</summary>
    public event Action<bool>? DemandChanged;

    /// <summary>Whether somebody reads.</summary>
    public bool HasDemand => Volatile.Read(ref _cursors) != 0;

    /// <summary>The revision that is applied next, also while the log is still empty.</summary>
    public long NextRevision => Math.Max(_log.Next, _history.CurrentRevision + 1);

    public IQueueCache CreateQueueCache(QueueId queueId) => this;

    public int GetMaxAddCount() => MaxAddCount;

    public void AddToCache(IList<IBatchContainer> messages)
    {
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    /// <summary>
    /// A cursor whose first step leads to the token's revision; without a token to the next one that is applied. Throws
    /// <see cref="QueueCacheMissException"/> if that was compacted; the agent then
    /// goes on with the newest revisions, and the subscriber sees the gap.
    /// </summary>
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        long first = token?.SequenceNumber ?? NextRevision;
        long compacted = _history.CompactRevision;
        if (first < compacted && first < _log.First)
        {
            throw new QueueCacheMissException(token!, new EventSequenceTokenV2(compacted, 0), new EventSequenceTokenV2(NextRevision, 0));
        }

        var cursor = new RevisionCursor(this, _log, _history, _options, streamId, first);
        Count(1);
        return cursor;
    }

    public bool IsUnderPressure() => false;

    internal void Release() => Count(-1);

    private void Count(int change)
    {
        lock (_lock)
        {
            bool before = _cursors != 0;
            _cursors += change;
            if (before != (_cursors != 0))
            {
                // Subscribers of the stream cannot say that they don't want it.
                _log.CountPrevKvReaders(before ? -1 : 1);
                DemandChanged?.Invoke(!before);
            }
        }
    }
}
