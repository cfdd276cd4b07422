using System.Buffers.Binary;

namespace Krewe.Benchmarks.Http2;

/// <summary>One entry of a SETTINGS frame (RFC 9113 section 6.5).</summary>
internal readonly record struct Http2Setting(ushort Id, uint Value)
{
    public const int Size = 6;
    public const ushort HeaderTableSize = 1;
    public const ushort EnablePush = 2;
    public const ushort MaxConcurrentStreamsId = 3;
    public const ushort InitialWindowSize = 4;
    public const ushort MaxFrameSize = 5;

    public static Http2Setting Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(source), BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    public static void Write(Span<byte> destination, ushort id, uint value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, id);
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], value);
    }
}
