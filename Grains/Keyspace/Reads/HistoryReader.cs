using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Turns rows of the revisions table back into events (behaviours 117, 129-135).</summary>
internal ref struct HistoryReader(AppliedView view, KeyInterval interval, long compactRevision, bool withPrevKv)
{
    private readonly AppliedView _view = view;
    private readonly List<RevisionEvents> _revisions = [];
    private readonly List<WatchEvent> _events = [];

    /// <summary>Reads from one revision to another, both inclusive; answers the revision after the last whole one that was read.</summary>
    public readonly long Read(long from, long to, int maxRevisions, int maxRows, out IReadOnlyList<RevisionEvents> revisions)
    {
        revisions = _revisions;
        Span<byte> first = stackalloc byte[RevisionKey.TombstoneLength];
        Span<byte> end = stackalloc byte[RevisionKey.TombstoneLength];
        int firstLength = RevisionKey.Write(first, from, 0, isTombstone: false);
        int endLength = RevisionKey.Write(end, to + 1, 0, isTombstone: false);
        using IStoreIterator rows = _view.Store.Iterate(StoreTable.Revisions, first[..firstLength], end[..endLength]);
        long current = from;
        while (rows.MoveNext())
        {
            if (!RevisionKey.TryRead(rows.Key, out long main, out _, out bool isTombstone))
            {
                throw new InvalidDataException("A key of the revisions table is malformed.");
            }

            if (main != current)
            {
                Finish(current);
                current = main;
                if (_revisions.Count >= maxRevisions || maxRows <= 0)
                {
                    return main;
                }
            }

            maxRows--;
            AddEvent(main, isTombstone, rows.Value);
        }

        Finish(current);
        return to + 1;
    }

    private readonly void Finish(long revision)
    {
        if (_events.Count > 0)
        {
            _revisions.Add(new RevisionEvents(revision, _events.ToArray()));
            _events.Clear();
        }
    }

    private readonly void AddEvent(long main, bool isTombstone, ReadOnlySpan<byte> row)
    {
        KeyValueRow.Parse(row, out Range key, out _, out _, out _, out _, out _);
        if (!interval.Contains(row[key]))
        {
            return;
        }

        KeyValue kv = KeyValueRow.Read(row.ToArray());
        if (isTombstone)
        {
            kv = kv with { ModRevision = main };
        }

        KeyValue? prev = withPrevKv ? PrevKv(_view, kv, isTombstone, compactRevision) : null;
        _events.Add(new WatchEvent(isTombstone, kv, prev));
    }

    /// <summary>The pair before the revision of an event; null for creations and where it was compacted (behaviour 131).</summary>
    public static KeyValue? PrevKv(AppliedView view, in KeyValue kv, bool isDelete, long compactRevision)
    {
        long before = kv.ModRevision - 1;
        bool isCreation = !isDelete && kv.CreateRevision == kv.ModRevision;
        return !isCreation && before >= compactRevision && view.TryGet(kv.Key.Span, before, out KeyState state) ? view.Complete(state) : null;
    }
}
