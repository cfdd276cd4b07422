using System.Buffers.Binary;
using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Rows of <see cref="StoreTable.Alarms"/>: key = 8-byte big-endian member ID and alarm type; value = version byte.</summary>
internal static class AlarmRow
{
    private const int KeyLength = 9;
    private const byte Version = 1;

    public static void Put(IStoreBatch batch, Alarm alarm)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        WriteKey(key, alarm);
        batch.Put(StoreTable.Alarms, key, [Version]);
    }

    public static void Delete(IStoreBatch batch, Alarm alarm)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        WriteKey(key, alarm);
        batch.Delete(StoreTable.Alarms, key);
    }

    public static Alarm Read(ReadOnlySpan<byte> key) => key.Length == KeyLength
        ? new Alarm(BinaryPrimitives.ReadUInt64BigEndian(key), (AlarmType)key[8])
        : throw new InvalidDataException("A row of the alarms table is malformed.");

    private static void WriteKey(Span<byte> key, Alarm alarm)
    {
        BinaryPrimitives.WriteUInt64BigEndian(key, alarm.MemberId);
        key[8] = (byte)alarm.Type;
    }
}
