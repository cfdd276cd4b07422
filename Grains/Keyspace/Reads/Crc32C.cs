using System.Buffers.Binary;
using System.Numerics;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where there is one.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte next in data)
        {
            crc = BitOperations.Crc32C(crc, next);
        }

        return crc;
    }

    public static uint Finish(uint crc) => ~crc;
}
