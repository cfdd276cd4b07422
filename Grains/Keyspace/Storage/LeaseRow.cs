using System.Buffers.Binary;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Rows of <see cref="StoreTable.Leases"/>: key = 8-byte big-endian ID; value = version byte, granted TTL, remaining TTL.</summary>
internal static class LeaseRow
{
    public const int KeyLength = 8;
    public const int ValueLength = 17;

    private const byte Version = 1;

    public static void Put(IStoreBatch batch, long id, long ttlSeconds, long remainingSeconds)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        Span<byte> value = stackalloc byte[ValueLength];
        value[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(value[1..], ttlSeconds);
        BinaryPrimitives.WriteInt64BigEndian(value[9..], remainingSeconds);
        batch.Put(StoreTable.Leases, key, value);
    }

    public static void Delete(IStoreBatch batch, long id)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        batch.Delete(StoreTable.Leases, key);
    }

    public static void Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out long id, out long ttlSeconds, out long remainingSeconds)
    {
        if (key.Length != KeyLength || value.Length != ValueLength || value[0] != Version)
        {
            throw new InvalidDataException("A row of the leases table is malformed.");
        }

        id = BinaryPrimitives.ReadInt64BigEndian(key);
        ttlSeconds = BinaryPrimitives.ReadInt64BigEndian(value[1..]);
        remainingSeconds = BinaryPrimitives.ReadInt64BigEndian(value[9..]);
    }
}
