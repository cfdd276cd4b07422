using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Watch;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>One subscriber's place among the revisions.</summary>
internal sealed class RevisionCursor : IQueueCacheCursor
{
    private const int BlockRevisions = 64;
    private static readonly KeyInterval AllKeys = KeyInterval.From(new byte[] { 0 }, new byte[] { 0 });
    private readonly RevisionQueueCache _cache;
    private readonly RevisionLog _log;
    private readonly IRevisionHistory _history;
    private readonly RevisionStreamOptions _options;
    private readonly StreamId _streamId;
    private readonly RevisionEvents[] _block = new RevisionEvents[BlockRevisions];
    private readonly Queue<RevisionEvents> _read = [];
    private long _next;
    private RevisionBatchContainer? _current;
    private bool _released;

    public RevisionCursor(
        RevisionQueueCache cache,
        RevisionLog log,
        IRevisionHistory history,
        RevisionStreamOptions options,
        StreamId streamId,
        long first)
    {
        _cache = cache;
        _log = log;
        _history = history;
        _options = options;
        _streamId = streamId;
        _next = first;
    }

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    /// <summary>Throws <see cref="QueueCacheMissException"/> if what it needs was compacted meanwhile; the agent then skips ahead.</summary>
    public bool MoveNext()
    {
        if (_read.Count == 0 && !Fill())
        {
            return false;
        }

        RevisionEvents revision = _read.Dequeue();
        _current = new RevisionBatchContainer(_streamId, revision);
        return true;
    }

    /// <summary>New data needs nothing here: the cursor reads the log itself.</summary>
    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure()
    {
    }

    public void Dispose()
    {
        if (!_released)
        {
            _released = true;
            _cache.Release();
        }
    }

    private bool Fill()
    {
        if (!_log.TryRead(_next, _block, out int count))
        {
            FillFromStore();
            return _read.Count != 0;
        }

        for (int i = 0; i < count; i++)
        {
            _read.Enqueue(_block[i]);
        }

        Array.Clear(_block, 0, count);
        _next += count;
        return count != 0;
    }

    private void FillFromStore()
    {
        long current = _history.CurrentRevision;
        if (_next > current)
        {
            return;
        }

        var revisions = new List<RevisionEvents>();
        HistoryPage page = _history.Read(new HistoryRequest(_next, current, AllKeys, _options.HistoryRevisions, _options.HistoryBytes), revisions);
        if (page.IsCompacted)
        {
            throw new QueueCacheMissException(Token(_next), Token(page.CompactRevision), Token(current));
        }

        foreach (RevisionEvents revision in revisions)
        {
            _read.Enqueue(revision);
        }

        _next = page.NextRevision;
    }

    private static EventSequenceTokenV2 Token(long revision) => new(revision, 0);
}
