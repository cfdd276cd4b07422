using System.Buffers;
using System.Buffers.Binary;

namespace Krewe.Api.Grpc;

/// <summary>What a frame begins with: a compression flag and the message's length, big-endian.</summary>
internal static class GrpcPrefix
{
    /// <summary>Its length.</summary>
    public const int Bytes = 5;

    /// <summary>Writes the prefix of an uncompressed message; the caller writes exactly <paramref name="length"/> bytes next.</summary>
    public static void Write(IBufferWriter<byte> output, int length)
    {
        var span = output.GetSpan(Bytes);
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        output.Advance(Bytes);
    }

    /// <summary>Reads a prefix; <paramref name="buffer"/> holds at least one.</summary>
    public static (bool Compressed, uint Length) Read(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[Bytes];
        if (buffer.FirstSpan.Length >= Bytes)
        {
            buffer.FirstSpan[..Bytes].CopyTo(prefix);
        }
        else
        {
            buffer.Slice(0, Bytes).CopyTo(prefix);
        }

        return (prefix[0] != 0, BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }
}
