using System.Buffers.Binary;
using System.Text;
using Krewe.Grains.Cluster.Codec;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>A grain's identity without Orleans' types: the bytes of its type and of its key. Also the row key of its directory entry.</summary>
public readonly struct GrainKey : IEquatable<GrainKey>
{
    private const int LengthBytes = 2;
    private readonly byte[] _encoded;
    private readonly int _hash;

    public GrainKey(ReadOnlySpan<byte> type, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(type.Length, ushort.MaxValue);
        _encoded = new byte[LengthBytes + type.Length + key.Length];
        BinaryPrimitives.WriteUInt16BigEndian(_encoded, (ushort)type.Length);
        type.CopyTo(_encoded.AsSpan(LengthBytes));
        key.CopyTo(_encoded.AsSpan(LengthBytes + type.Length));
        _hash = ByteStringComparer.Hash(_encoded);
    }

    public ReadOnlySpan<byte> Type => _encoded.AsSpan(LengthBytes, TypeLength);

    public ReadOnlySpan<byte> Key => _encoded.AsSpan(LengthBytes + TypeLength);

    /// <summary>Length of the type (16 bit big-endian), type, key.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    private int TypeLength => BinaryPrimitives.ReadUInt16BigEndian(_encoded);

    public static bool operator ==(GrainKey left, GrainKey right) => left.Equals(right);

    public static bool operator !=(GrainKey left, GrainKey right) => !left.Equals(right);

    public static GrainKey Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < LengthBytes || encoded.Length - LengthBytes < BinaryPrimitives.ReadUInt16BigEndian(encoded))
        {
            throw new InvalidDataException("A grain key is cut short.");
        }

        int typeLength = BinaryPrimitives.ReadUInt16BigEndian(encoded);
        return new GrainKey(encoded.Slice(LengthBytes, typeLength), encoded[(LengthBytes + typeLength)..]);
    }

    public bool Equals(GrainKey other) => _hash == other._hash && _encoded.AsSpan().SequenceEqual(other._encoded);

    public override bool Equals(object? obj) => obj is GrainKey other && Equals(other);

    public override int GetHashCode() => _hash;

    public override string ToString() =>
        $"{Encoding.UTF8.GetString(Type)}/{Encoding.UTF8.GetString(Key)}";
}
