using System.Buffers.Binary;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Rows of <see cref="StoreTable.Meta"/> that the keyspace owns: 8-byte big-endian numbers by name.</summary>
internal static class MetaRows
{
    /// <summary>Format of all the keyspace's tables.</summary>
    public const byte FormatVersion = 1;

    public static ReadOnlySpan<byte> Format => "keyspace/format"u8;

    public static ReadOnlySpan<byte> Revision => "keyspace/revision"u8;

    /// <summary>Revision that the last compaction command named.</summary>
    public static ReadOnlySpan<byte> ScheduledCompaction => "keyspace/compaction/scheduled"u8;

    /// <summary>Revision of the last compaction whose data is all removed.</summary>
    public static ReadOnlySpan<byte> FinishedCompaction => "keyspace/compaction/finished"u8;

    public static void Put(IStoreBatch batch, ReadOnlySpan<byte> name, long value)
    {
        Span<byte> row = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(row, value);
        batch.Put(StoreTable.Meta, name, row);
    }

    public static long Get(IKeyspaceStore store, ReadOnlySpan<byte> name, long missing)
    {
        byte[]? row = store.Get(StoreTable.Meta, name);
        if (row is null)
        {
            return missing;
        }

        return row.Length == 8 ? BinaryPrimitives.ReadInt64BigEndian(row) : throw new InvalidDataException("A row of the meta table is malformed.");
    }
}
