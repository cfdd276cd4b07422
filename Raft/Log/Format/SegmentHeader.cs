using System.Buffers.Binary;

namespace Krewe.Raft.Log.Format;

/// <summary>The first 80 bytes of a segment file; see docs/internals/wal.md for the layout.</summary>
/// <param name="Identity">Cluster and member.</param>
/// <param name="Sequence">Number of the segment; the first is 0.</param>
/// <param name="FirstIndex">Index behind the last entry when the segment was begun.</param>
/// <param name="PreviousTerm">Term of the entry before <paramref name="FirstIndex"/>.</param>
/// <param name="PreviousEnd">Where the records of the segment before end, in bytes; 0 in the first.</param>
/// <param name="PreviousCrc">CRC of the last record of the segment before; 0 in the first.</param>
/// <param name="Salt">Number that the records of this segment are bound to.</param>
/// <param name="InitialEnd">Bytes that were durable before the file got its name: the header and the first batch.</param>
/// <param name="Crc">CRC-32C of the header.</param>
internal readonly record struct SegmentHeader(
    WalIdentity Identity,
    ulong Sequence,
    ulong FirstIndex,
    ulong PreviousTerm,
    long PreviousEnd,
    uint PreviousCrc,
    uint Salt,
    uint InitialEnd,
    uint Crc)
{
    internal const int Size = 80;
    internal const byte FormatVersion = 1;

    private static ReadOnlySpan<byte> Magic => "KREWEWAL"u8;

    /// <summary>Writes the header and returns it with its CRC.</summary>
    internal SegmentHeader WriteTo(Span<byte> target)
    {
        target[..Size].Clear();
        Magic.CopyTo(target);
        target[8] = FormatVersion;
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Identity.ClusterId);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Identity.MemberId);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], FirstIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], PreviousTerm);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], (ulong)PreviousEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(target[64..], PreviousCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(target[68..], Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(target[72..], InitialEnd);
        var crc = Crc32C.Append(0, target[..76]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[76..], crc);
        return this with { Crc = crc };
    }

    /// <summary>Reads the header of <paramref name="file"/>.</summary>
    /// <exception cref="WalCorruptionException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">A newer release wrote it.</exception>
    internal static SegmentHeader Read(string file, ReadOnlySpan<byte> source)
    {
        if (source.Length < Size || !source[..8].SequenceEqual(Magic))
        {
            throw new WalCorruptionException(file, 0, "it does not begin as a segment does");
        }

        var crc = BinaryPrimitives.ReadUInt32LittleEndian(source[76..]);
        if (Crc32C.Append(0, source[..76]) != crc)
        {
            throw new WalCorruptionException(file, 0, "the checksum of the segment header is wrong");
        }

        if (source[8] != FormatVersion)
        {
            throw new NotSupportedException($"write-ahead log {file} has format {source[8]}; this release reads format {FormatVersion}");
        }

        return new SegmentHeader(
            new WalIdentity(BinaryPrimitives.ReadUInt64LittleEndian(source[16..]), BinaryPrimitives.ReadUInt64LittleEndian(source[24..])),
            BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[48..]),
            (long)BinaryPrimitives.ReadUInt64LittleEndian(source[56..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[64..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[68..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[72..]),
            crc);
    }
}
