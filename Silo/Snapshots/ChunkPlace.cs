using System.Buffers.Binary;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// A piece of a snapshot: number of the file (4 bytes), offset (8), length (4), little endian. It is what a receiver asks for, and the head of
/// what it gets.
/// </summary>
internal readonly record struct ChunkPlace(int File, long Offset, int Length)
{
    public const int Bytes = 16;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, File);
        BinaryPrimitives.WriteInt64LittleEndian(target[4..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Length);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out ChunkPlace place)
    {
        place = source.Length < Bytes
            ? default
            : new ChunkPlace(
                BinaryPrimitives.ReadInt32LittleEndian(source),
                BinaryPrimitives.ReadInt64LittleEndian(source[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(source[12..]));
        return source.Length >= Bytes;
    }

    /// <summary>Whether the file has this piece, and it is no longer than a piece may be.</summary>
    public bool IsIn(SnapshotManifest manifest, int maxLength) =>
        File >= 0 && File < manifest.Files.Count && Length > 0 && Length <= maxLength
        && Offset >= 0 && Offset <= manifest.Files[File].Length - Length;
}
