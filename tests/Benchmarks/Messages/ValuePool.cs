using Google.Protobuf;

namespace Krewe.Benchmarks.Messages;

/// <summary>Random bytes to cut values from, so that no server gains by compressing or comparing values.</summary>
internal sealed class ValuePool
{
    /// <summary>A value must hold the eight bytes of a time stamp.</summary>
    public const int MinValueSize = 8;
    private const int PoolBytes = 1024 * 1024;
    private const byte PlaceholderByte = 0xfd;

    private readonly byte[] _pool;

    public ValuePool(int valueSize, ulong seed)
    {
        ValueSize = valueSize;
        _pool = new byte[PoolBytes + valueSize];
        var random = new SplitMix(seed);
        foreach (ref var octet in _pool.AsSpan())
        {
            octet = (byte)random.Next();
        }
    }

    public int ValueSize { get; }

    public ByteString PlaceholderString
    {
        get
        {
            var bytes = new byte[ValueSize];
            bytes.AsSpan().Fill(PlaceholderByte);
            return ByteString.CopyFrom(bytes);
        }
    }

    public ReadOnlySpan<byte> Pick(SplitMix random) => _pool.AsSpan(random.Next(PoolBytes), ValueSize);
}
