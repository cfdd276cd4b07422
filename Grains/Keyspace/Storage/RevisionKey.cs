using System.Buffers.Binary;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>
/// Keys of <see cref="StoreTable.Revisions"/>: 8 bytes main, '_', 8 bytes sub, both big-endian, and 't' for a tombstone. The form is
/// etcd's, so that hashes over the rows are comparable (behaviour 278).
/// </summary>
public static class RevisionKey
{
    public const int Length = 17;
    public const int TombstoneLength = 18;

    private const byte Separator = (byte)'_';
    private const byte TombstoneMark = (byte)'t';

    /// <summary>Writes the key; answers its length.</summary>
    public static int Write(Span<byte> target, long main, int sub, bool isTombstone)
    {
        BinaryPrimitives.WriteInt64BigEndian(target, main);
        target[8] = Separator;
        BinaryPrimitives.WriteInt64BigEndian(target[9..], sub);
        if (!isTombstone)
        {
            return Length;
        }

        target[Length] = TombstoneMark;
        return TombstoneLength;
    }

    public static bool TryRead(ReadOnlySpan<byte> key, out long main, out int sub, out bool isTombstone)
    {
        isTombstone = key.Length == TombstoneLength;
        if ((key.Length != Length && !isTombstone) || key[8] != Separator || (isTombstone && key[Length] != TombstoneMark))
        {
            main = 0;
            sub = 0;
            return false;
        }

        main = BinaryPrimitives.ReadInt64BigEndian(key);
        long wideSub = BinaryPrimitives.ReadInt64BigEndian(key[9..]);
        sub = (int)wideSub;
        return main > 0 && wideSub == sub && sub >= 0;
    }
}
