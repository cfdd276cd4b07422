using System.IO.Hashing;

namespace Krewe.Grains.Cluster.Codec;

/// <summary>Byte arrays as dictionary keys, looked up by span. The hash is seeded per process because clients choose the keys.</summary>
public sealed class ByteStringComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private static readonly long Seed = Random.Shared.NextInt64();

    public static ByteStringComparer Instance { get; } = new();

    public static int Hash(ReadOnlySpan<byte> value) => (int)XxHash3.HashToUInt64(value, Seed);

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => Hash(obj);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
