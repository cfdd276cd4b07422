namespace Krewe.Grains.Prefixes;

/// <summary>etcd's order of keys: bytes, compared as unsigned numbers.</summary>
internal sealed class ByteOrder : IComparer<byte[]>
{
    public static readonly ByteOrder Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
