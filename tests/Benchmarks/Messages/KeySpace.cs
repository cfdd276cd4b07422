using System.Buffers.Binary;
using Google.Protobuf;

namespace Krewe.Benchmarks.Messages;

/// <summary>The keys of a run: a prefix, then the key's index in decimal with leading zeros, all of one size.</summary>
/// <param name="count">Number of keys.</param>
/// <param name="keySize">Bytes per key.</param>
internal sealed class KeySpace(int count, int keySize)
{
    public const int MinKeySize = 16;
    private const string Prefix = "bench/";
    private const byte PlaceholderByte = 0xfe;

    public int Count { get; } = count;

    public int KeySize { get; } = keySize;

    public static ByteString PrefixStart => ByteString.CopyFromUtf8(Prefix);

    /// <summary>The prefix with its last byte plus one, as etcd's clients write "all keys with this prefix".</summary>
    public static ByteString PrefixEnd => ByteString.CopyFromUtf8(Prefix[..^1] + (char)(Prefix[^1] + 1));

    /// <summary>Stands for "the chosen key plus <paramref name="delta"/>" in a <see cref="RequestTemplate"/>.</summary>
    public byte[] Placeholder(int delta)
    {
        var bytes = new byte[KeySize];
        bytes.AsSpan().Fill(PlaceholderByte);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(KeySize - sizeof(int)), delta);
        return bytes;
    }

    public ByteString PlaceholderString(int delta = 0) => ByteString.CopyFrom(Placeholder(delta));

    public void Write(Span<byte> destination, long index)
    {
        for (var i = KeySize - 1; i >= Prefix.Length; i--)
        {
            destination[i] = (byte)('0' + (index % 10));
            index /= 10;
        }

        for (var i = 0; i < Prefix.Length; i++)
        {
            destination[i] = (byte)Prefix[i];
        }
    }
}
