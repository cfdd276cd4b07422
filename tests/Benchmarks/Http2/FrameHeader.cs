using System.Buffers.Binary;

namespace Krewe.Benchmarks.Http2;

/// <summary>The nine bytes before each frame's payload (RFC 9113 section 4.1).</summary>
/// <param name="Length">Payload bytes that follow the header.</param>
internal readonly record struct FrameHeader(int Length, FrameType Type, byte Flags, int StreamId)
{
    public const int Size = 9;

    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var length = (source[0] << 16) | (source[1] << 8) | source[2];
        // The top bit of the stream id is reserved and ignored on receipt.
        var streamId = BinaryPrimitives.ReadInt32BigEndian(source[5..]) & int.MaxValue;
        return new FrameHeader(length, (FrameType)source[3], source[4], streamId);
    }

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)(Length >> 16);
        destination[1] = (byte)(Length >> 8);
        destination[2] = (byte)Length;
        destination[3] = (byte)Type;
        destination[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], StreamId);
    }

    public bool Has(byte flag) => (Flags & flag) != 0;
}
