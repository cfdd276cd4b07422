using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>Reads what a watcher missed: from memory if it is still there, else from the store.</summary>
internal sealed class CatchUpReader
{
    private const int BlockRevisions = 256;
    private readonly RevisionLog _log;
    private readonly IRevisionHistory _history;
    private readonly WatchHubOptions _options;
    private readonly RevisionEvents[] _block = new RevisionEvents[BlockRevisions];
    private readonly List<RevisionEvents> _revisions = [];

    public CatchUpReader(RevisionLog log, IRevisionHistory history, WatchHubOptions options)
    {
        _log = log;
        _history = history;
        _options = options;
    }

    /// <summary>Adds the watcher's events in [watcher.Next, toRevision], as far as the bounds of one batch allow.</summary>
    public HistoryPage Read(Watcher watcher, long toRevision, List<WatchEvent> into)
    {
        long compacted = _history.CompactRevision;
        if (watcher.Next < compacted)
        {
            return new HistoryPage(compacted, watcher.Next);
        }

        if (watcher.Next == compacted)
        {
            // Memory still has what compaction took from this revision: previous states (behaviour 131), and what the revision itself
            // replaced (behaviour 87).
            return ReadStore(watcher, toRevision, into);
        }

        HistoryPage page = ReadMemory(watcher, toRevision, into);
        return page.NextRevision != watcher.Next || into.Count != 0 ? page : ReadStore(watcher, toRevision, into);
    }

    private HistoryPage ReadMemory(Watcher watcher, long toRevision, List<WatchEvent> into)
    {
        long next = watcher.Next;
        long end = Math.Min(toRevision, next + _options.CatchUpScan - 1);
        long bytes = 0;
        int revisions = 0;
        while (next <= end)
        {
            Span<RevisionEvents> block = _block.AsSpan(0, (int)Math.Min(BlockRevisions, end - next + 1));
            if (!_log.TryRead(next, block, out int count) || count == 0)
            {
                break;
            }

            for (int i = 0; i < count; i++)
            {
                long added = Add(watcher, block[i], into);
                bytes += added;
                revisions += added == 0 ? 0 : 1;
                next++;
                if (revisions >= _options.CatchUpRevisions || bytes >= _options.CatchUpBytes)
                {
                    return new HistoryPage(0, next);
                }
            }
        }

        return new HistoryPage(0, next);
    }

    private HistoryPage ReadStore(Watcher watcher, long toRevision, List<WatchEvent> into)
    {
        _revisions.Clear();
        var request = new HistoryRequest(watcher.Next, toRevision, watcher.Interval, _options.CatchUpRevisions, _options.CatchUpBytes);
        HistoryPage page = _history.Read(request, _revisions);
        foreach (RevisionEvents revision in _revisions)
        {
            Add(watcher, revision, into);
        }

        _revisions.Clear();
        return page;
    }

    private long Add(Watcher watcher, RevisionEvents revision, List<WatchEvent> into)
    {
        long bytes = 0;
        for (int i = 0; i < revision.Events.Count; i++)
        {
            WatchEvent watchEvent = revision.Events[i];
            if (watcher.Wants(watchEvent) && watcher.Interval.Contains(watchEvent.Kv.Key.Span))
            {
                into.Add(watcher.PrevKv ? PrevKvCompletion.Complete(watchEvent, _history) : watchEvent);
                bytes += EventSize.Of(watchEvent);
            }
        }

        return bytes;
    }
}
