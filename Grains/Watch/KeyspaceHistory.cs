using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Watch;

/// <summary>Past revisions from this member's keyspace.</summary>
public sealed class KeyspaceHistory : IRevisionHistory
{
    private readonly KeyspaceState _keyspace;

    public KeyspaceHistory(KeyspaceState keyspace) => _keyspace = keyspace;

    public long CurrentRevision => _keyspace.Revision;

    public long CompactRevision => _keyspace.CompactRevision;

    public KeyValue? GetPrevKv(WatchEvent watchEvent) => _keyspace.GetPrevKv(watchEvent);

    /// <summary>The keyspace bounds what it looks at by rows; this ends the page by bytes as well.</summary>
    public HistoryPage Read(in HistoryRequest request, List<RevisionEvents> into)
    {
        Keyspace.Reads.HistoryPage page =
            _keyspace.History(request.FromRevision, request.ToRevision, request.Interval, request.MaxRevisions, withPrevKv: true);
        if (page.Error == EtcdError.Compacted)
        {
            return new HistoryPage(page.CompactRevision, request.FromRevision);
        }

        long bytes = 0;
        foreach (RevisionEvents revision in page.Revisions)
        {
            into.Add(revision);
            bytes += EventSize.Of(revision.Events);
            if (bytes >= request.MaxBytes)
            {
                return new HistoryPage(0, revision.Revision + 1);
            }
        }

        return new HistoryPage(0, page.NextRevision);
    }
}
