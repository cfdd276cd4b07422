using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Compaction;

/// <summary>
/// Removes what a compaction made unreachable, in small steps (behaviours 97, 102-104). A version can go when a newer version of its key
/// is at or below the compaction revision; so it is enough to walk the rows since the last finished compaction, and to remove what each
/// of them superseded. A tombstone goes too, unless it is exactly at the compaction revision.
/// </summary>
internal sealed class Compactor : IDisposable
{
    private readonly AppliedView _view;
    private readonly KeyspaceCounters _counters;
    private readonly IStoreBatch _batch;
    private readonly List<(byte[] Key, long Main, int Sub, bool IsTombstone)> _rows = [];
    private readonly HashSet<KeyRecord> _seen = [];
    private long _target = long.MinValue;
    private long _nextMain;
    private int _nextSub;

    public Compactor(AppliedView view, KeyspaceCounters counters)
    {
        _view = view;
        _counters = counters;
        _batch = view.Store.CreateBatch();
    }

    public CompactionProgress Step(long compactRevision, ulong appliedIndex, int maxRows)
    {
        long finished = _view.FinishedCompactRevision;
        if (finished >= compactRevision)
        {
            return CompactionProgress.Finished;
        }

        if (_view.Pins.AnyBelow(compactRevision))
        {
            return CompactionProgress.Waiting;
        }

        if (_target != compactRevision)
        {
            // Also when another compaction overtook this one: what is removed already is simply not found again.
            (_target, _nextMain, _nextSub) = (compactRevision, Math.Max(finished, 0), 0);
        }

        bool end = ReadRows(maxRows);
        StageDeletions();
        if (end)
        {
            MetaRows.Put(_batch, MetaRows.FinishedCompaction, _target);
        }

        _view.Store.Write(_batch, appliedIndex);
        Prune();
        return end ? Finish() : CompactionProgress.More;
    }

    public void Dispose() => _batch.Dispose();

    private CompactionProgress Finish()
    {
        _view.FinishedCompactRevision = _target;
        _target = long.MinValue;
        _counters.FinishedCompactions++;
        return CompactionProgress.Finished;
    }

    private bool ReadRows(int maxRows)
    {
        _rows.Clear();
        Span<byte> from = stackalloc byte[RevisionKey.TombstoneLength];
        Span<byte> to = stackalloc byte[RevisionKey.TombstoneLength];
        int fromLength = RevisionKey.Write(from, _nextMain, _nextSub, isTombstone: false);
        int toLength = RevisionKey.Write(to, _target + 1, 0, isTombstone: false);
        using IStoreIterator rows = _view.Store.Iterate(StoreTable.Revisions, from[..fromLength], to[..toLength]);
        while (_rows.Count < maxRows)
        {
            if (!rows.MoveNext())
            {
                return true;
            }

            if (!RevisionKey.TryRead(rows.Key, out long main, out int sub, out bool isTombstone))
            {
                throw new InvalidDataException("A key of the revisions table is malformed.");
            }

            KeyValueRow.Parse(rows.Value, out Range key, out _, out _, out _, out _, out _);
            _rows.Add((rows.Value[key].ToArray(), main, sub, isTombstone));
        }

        return false;
    }

    // The rows to delete, found without changing the index: the store may refuse the batch.
    private void StageDeletions()
    {
        _batch.Clear();
        _seen.Clear();
        for (int i = _rows.Count - 1; i >= 0; i--)
        {
            (byte[] key, long main, int sub, bool isTombstone) = _rows[i];
            if (_view.Index.Find(key) is not { } record || !_seen.Add(record))
            {
                // A newer row of the key has dealt with this one and all before it.
                continue;
            }

            foreach (ref readonly HistoricVersion version in record.VersionsBefore(main, sub))
            {
                DeleteRow(version.Main, version.Sub, version.IsTombstone);
            }

            if (IsGone(main, isTombstone))
            {
                DeleteRow(main, sub, isTombstone: true);
            }
        }
    }

    private bool IsGone(long main, bool isTombstone) => isTombstone && main < _target;

    private void DeleteRow(long main, int sub, bool isTombstone)
    {
        Span<byte> key = stackalloc byte[RevisionKey.TombstoneLength];
        int length = RevisionKey.Write(key, main, sub, isTombstone);
        _batch.Delete(StoreTable.Revisions, key[..length]);
    }

    private void Prune()
    {
        KeyIndex index = _view.Index;
        index.EnterWrite();
        try
        {
            foreach ((byte[] key, long main, int sub, bool isTombstone) in _rows)
            {
                if (index.Find(key) is { } record)
                {
                    Prune(record, main, sub, IsGone(main, isTombstone));
                    index.RemoveIfEmpty(record);
                }
            }
        }
        finally
        {
            index.ExitWrite();
        }

        if (_rows.Count > 0)
        {
            (_, _nextMain, _nextSub, _) = _rows[^1];
            _nextSub++;
        }
    }

    private void Prune(KeyRecord record, long main, int sub, bool isGone)
    {
        while (record.TryDropBefore(main, sub, out _))
        {
            _counters.CompactedRows++;
        }

        if (isGone && record.TryDropTombstone(main, sub))
        {
            _counters.CompactedRows++;
        }
    }
}
