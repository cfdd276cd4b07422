using System.Buffers.Binary;
using Krewe.Raft.Core;

namespace Krewe.Raft.Log.Format;

/// <summary>The 24 bytes in front of every record; see docs/internals/wal.md for the layout.</summary>
/// <param name="Crc">CRC-32C, started from the segment's salt, of all that follows in the record, padding included.</param>
/// <param name="PreviousCrc"><paramref name="Crc"/> of the record before; the header's for the first record of a segment.</param>
/// <param name="Durable">Offset in this segment below which all was synced when the record was written.</param>
/// <param name="Length">Size of the payload in bytes.</param>
/// <param name="Kind">What the payload is.</param>
/// <param name="EndsBatch">Whether the batch ends here. A batch counts as a whole or not at all.</param>
/// <param name="EntryKind">Kind of the log entry, for entries.</param>
internal readonly record struct RecordHeader(
    uint Crc, uint PreviousCrc, uint Durable, int Length, RecordKind Kind, bool EndsBatch, EntryKind EntryKind)
{
    internal const int Size = 24;
    internal const int Alignment = 8;

    /// <summary>Space in bytes that a record with a payload of <paramref name="payload"/> bytes takes.</summary>
    internal static long SpaceFor(long payload) => (Size + payload + Alignment - 1) & ~(long)(Alignment - 1);

    /// <summary>Size of the record in bytes, header and padding included.</summary>
    internal int Space => (int)SpaceFor(Length);

    /// <summary>Space in bytes that a record takes, judged by its header alone.</summary>
    internal static long SpaceOf(ReadOnlySpan<byte> header) => SpaceFor(BinaryPrimitives.ReadUInt32LittleEndian(header[16..]));

    /// <summary>Reads the record at <paramref name="offset"/> of the segment if an undamaged one, written for that place, is there.</summary>
    /// <param name="window">Bytes of the segment, beginning with those at <paramref name="windowOffset"/>.</param>
    /// <param name="windowOffset">Offset in the segment of the window's first byte.</param>
    /// <param name="offset">Offset in the segment of the record.</param>
    /// <param name="salt">The segment's salt.</param>
    /// <param name="header">The record's header.</param>
    internal static bool TryRead(ReadOnlySpan<byte> window, long windowOffset, long offset, uint salt, out RecordHeader header)
    {
        header = default;
        var start = offset - windowOffset;
        if (start < 0 || window.Length - start < Size)
        {
            return false;
        }

        var record = window[(int)start..];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != ((uint)offset ^ salt) || SpaceFor(length) > record.Length)
        {
            return false;
        }

        var crc = BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (record[20] == (byte)RecordKind.None || Crc32C.Append(salt, record[4..(int)SpaceFor(length)]) != crc)
        {
            return false;
        }

        header = new RecordHeader(
            crc,
            BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            (int)length,
            (RecordKind)record[20],
            record[21] != 0,
            (EntryKind)record[22]);
        return true;
    }

    /// <summary>Writes the header in front of the payload, which is there already, clears the padding and returns the record's CRC.</summary>
    internal static uint Seal(Span<byte> record, int length, uint offset, uint salt, in RecordHeader header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], offset ^ salt);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], header.PreviousCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], header.Durable);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], (uint)length);
        record[20] = (byte)header.Kind;
        record[21] = header.EndsBatch ? (byte)1 : (byte)0;
        record[22] = (byte)header.EntryKind;
        record[23] = 0;
        record[(Size + length)..].Clear();
        var crc = Crc32C.Append(salt, record[4..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record, crc);
        return crc;
    }
}
