using Krewe.Grains.Keyspace.Alarms;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Keyspace.Values;

namespace Krewe.Grains.Keyspace.Applying;

/// <summary>Rebuilds the memory part of the keyspace from the tables of a store.</summary>
internal sealed record KeyspaceLoader(
    AppliedView View, ValueCache Values, LeaseTable Leases, AlarmTable Alarms, long Revision, long CompactRevision)
{
    /// <summary>Compaction revision of a store that was never compacted (behaviours 99, 277).</summary>
    public const long NeverCompacted = -1;

    /// <summary>Revision of an empty store (behaviour 1).</summary>
    public const long FirstRevision = 1;

    public static KeyspaceLoader Load(IKeyspaceStore store, KeyspaceOptions options)
    {
        CheckFormat(store);
        var values = new ValueCache(options.ValueCacheBytes, options.ValueChunkBytes, options.LargeValueBytes);
        var index = new KeyIndex();
        long revision = Math.Max(MetaRows.Get(store, MetaRows.Revision, FirstRevision), LoadIndex(store, index, values));
        long compactRevision = MetaRows.Get(store, MetaRows.ScheduledCompaction, NeverCompacted);
        long finished = MetaRows.Get(store, MetaRows.FinishedCompaction, NeverCompacted);
        index.SetRevision(revision);
        var view = new AppliedView(index, store, options.ScanChunkKeys, finished);
        return new KeyspaceLoader(view, values, LoadLeases(store, index), LoadAlarms(store), revision, compactRevision);
    }

    private static void CheckFormat(IKeyspaceStore store)
    {
        if (store.Get(StoreTable.Meta, MetaRows.Format) is { } format && (format.Length != 1 || format[0] != MetaRows.FormatVersion))
        {
            throw new InvalidDataException("The keyspace's tables have a format that this version does not read.");
        }
    }

    private static long LoadIndex(IKeyspaceStore store, KeyIndex index, ValueCache values)
    {
        long last = FirstRevision;
        using IStoreIterator rows = store.Iterate(StoreTable.Revisions, default, default);
        while (rows.MoveNext())
        {
            if (!RevisionKey.TryRead(rows.Key, out long main, out int sub, out bool isTombstone))
            {
                throw new InvalidDataException("A key of the revisions table is malformed.");
            }

            ReadOnlySpan<byte> row = rows.Value;
            KeyValueRow.Parse(row, out Range key, out Range value, out long create, out _, out long version, out long lease);
            KeyRecord record = index.GetOrAdd(row[key]);
            if (isTombstone)
            {
                index.Delete(record, main, sub);
            }
            else
            {
                index.Put(record, main, sub, create, version, lease, values.Append(row[value]));
            }

            last = main;
        }

        return last;
    }

    private static LeaseTable LoadLeases(IKeyspaceStore store, KeyIndex index)
    {
        var leases = new LeaseTable();
        using IStoreIterator rows = store.Iterate(StoreTable.Leases, default, default);
        while (rows.MoveNext())
        {
            LeaseRow.Read(rows.Key, rows.Value, out long id, out long ttlSeconds, out long remainingSeconds);
            leases.Grant(id, ttlSeconds, remainingSeconds);
        }

        TreeCursor records = index.Records();
        while (records.TryNext(out KeyRecord record))
        {
            if (record.Lease != 0)
            {
                leases.Attach(record.Lease, record.Key);
            }
        }

        return leases;
    }

    private static AlarmTable LoadAlarms(IKeyspaceStore store)
    {
        var alarms = new AlarmTable();
        using IStoreIterator rows = store.Iterate(StoreTable.Alarms, default, default);
        while (rows.MoveNext())
        {
            alarms.Add(AlarmRow.Read(rows.Key));
        }

        return alarms;
    }
}
