using System.Buffers.Binary;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Log.Format;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Hashes of what is stored, to compare members (behaviours 275-278).</summary>
internal static class KeyspaceHasher
{
    /// <summary>
    /// CRC-32C over the name of etcd's key bucket and the rows up to a revision. Of the rows at or below the compaction revision only
    /// those count that a read at the hashed revision sees (all that compaction keeps, if it sees none), whether or not the others
    /// are removed yet; a tombstone at the compaction revision never counts.
    /// </summary>
    public static KeyspaceHash HashKv(AppliedView view, long revision, long compactRevision, long currentRevision)
    {
        uint crc = Crc32C.Append(0, "key"u8);
        bool anyVisible = AnyKeyAt(view, revision);
        Span<byte> end = stackalloc byte[RevisionKey.TombstoneLength];
        int endLength = RevisionKey.Write(end, revision + 1, 0, isTombstone: false);
        using IStoreIterator rows = view.Store.Iterate(StoreTable.Revisions, default, end[..endLength]);
        while (rows.MoveNext())
        {
            if (!RevisionKey.TryRead(rows.Key, out long main, out int sub, out bool isTombstone))
            {
                throw new InvalidDataException("A key of the revisions table is malformed.");
            }

            if (main > compactRevision || (!isTombstone && IsKept(view, rows.Value, main, sub, anyVisible ? revision : compactRevision)))
            {
                crc = Crc32C.Append(crc, rows.Key);
                crc = Crc32C.Append(crc, rows.Value);
            }
        }

        return new KeyspaceHash(crc, compactRevision, revision, currentRevision);
    }

    public static uint HashAll(IKeyspaceStore store)
    {
        uint crc = 0;
        Span<byte> header = stackalloc byte[9];
        foreach (StoreTable table in Enum.GetValues<StoreTable>())
        {
            using IStoreIterator rows = store.Iterate(table, default, default);
            while (rows.MoveNext())
            {
                header[0] = (byte)table;
                BinaryPrimitives.WriteInt32BigEndian(header[1..], rows.Key.Length);
                BinaryPrimitives.WriteInt32BigEndian(header[5..], rows.Value.Length);
                crc = Crc32C.Append(crc, header);
                crc = Crc32C.Append(crc, rows.Key);
                crc = Crc32C.Append(crc, rows.Value);
            }
        }

        return crc;
    }

    private static bool IsKept(AppliedView view, ReadOnlySpan<byte> row, long main, int sub, long revision)
    {
        KeyValueRow.Parse(row, out Range key, out _, out _, out _, out _, out _);
        return view.TryGet(row[key], revision, out KeyState state) && state.Main == main && state.Sub == sub;
    }

    private static bool AnyKeyAt(AppliedView view, long revision)
    {
        KeyInterval interval = KeyInterval.All;
        List<KeyState> found = [];
        while (!view.Scan(interval, revision, 1, found, out ReadOnlyMemory<byte> resume) && found.Count == 0)
        {
            interval = interval.After(resume);
        }

        return found.Count > 0;
    }
}
