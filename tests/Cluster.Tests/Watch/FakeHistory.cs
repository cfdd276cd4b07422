using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

/// <summary>All revisions in a list, and a compaction revision below which reads are refused.</summary>
internal sealed class FakeHistory : IRevisionHistory
{
    private readonly Lock _lock = new();
    private readonly List<RevisionEvents> _revisions = [];
    private long _compactRevision;

    /// <summary>Thrown by the next read, once.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>Thrown by the next look-up of a previous state, once.</summary>
    public Exception? NextPrevKvFailure { get; set; }

    public int Reads { get; private set; }

    public long CurrentRevision
    {
        get
        {
            lock (_lock)
            {
                return _revisions.Count + 1;
            }
        }
    }

    public long CompactRevision => Volatile.Read(ref _compactRevision);

    public IReadOnlyList<RevisionEvents> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _revisions];
            }
        }
    }

    public KeyValue? GetPrevKv(WatchEvent watchEvent)
    {
        if (NextPrevKvFailure is { } failure)
        {
            NextPrevKvFailure = null;
            throw failure;
        }

        lock (_lock)
        {
            return watchEvent.Kv.ModRevision - 1 < _compactRevision ? null : _revisions.Where(revision => revision.Revision < watchEvent.Kv.ModRevision)
                .SelectMany(revision => revision.Events)
                .LastOrDefault(other => other.Kv.Key.Span.SequenceEqual(watchEvent.Kv.Key.Span))?.Kv;
        }
    }

    public void Append(RevisionEvents revision)
    {
        lock (_lock)
        {
            Assert.Equal(_revisions.Count + 2, revision.Revision);
            _revisions.Add(revision);
        }
    }

    public void Compact(long revision)
    {
        lock (_lock)
        {
            Volatile.Write(ref _compactRevision, revision);
        }
    }

    public HistoryPage Read(in HistoryRequest request, List<RevisionEvents> into)
    {
        if (NextFailure is { } failure)
        {
            NextFailure = null;
            throw failure;
        }

        lock (_lock)
        {
            Reads++;
            return request.FromRevision < _compactRevision ? new HistoryPage(_compactRevision, request.FromRevision) : Collect(request, into);
        }
    }

    private HistoryPage Collect(in HistoryRequest request, List<RevisionEvents> into)
    {
        KeyInterval interval = request.Interval;
        long revision = Math.Max(request.FromRevision, 2);
        for (; revision <= request.ToRevision && into.Count < request.MaxRevisions; revision++)
        {
            WatchEvent[] events = [.. _revisions[(int)revision - 2].Events.Where(watchEvent => interval.Contains(watchEvent.Kv.Key.Span)).Select(WithoutCompacted)];
            if (events.Length != 0)
            {
                into.Add(new RevisionEvents(revision, events));
            }
        }

        return new HistoryPage(0, revision);
    }

    private WatchEvent WithoutCompacted(WatchEvent watchEvent) =>
        watchEvent.PrevKv is not null && watchEvent.Kv.ModRevision - 1 < _compactRevision ? new WatchEvent(watchEvent.IsDelete, watchEvent.Kv, null) : watchEvent;
}
