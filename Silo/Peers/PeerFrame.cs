using System.Buffers;
using System.Buffers.Binary;
using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;

namespace Krewe.Silo.Peers;

/// <summary>A frame: length of kind and payload, CRC-32C of both (4 bytes each, little endian), kind (1 byte), payload.</summary>
internal static class PeerFrame
{
    private const int HeadBytes = 8;

    public static void Write(IBufferWriter<byte> target, in Message message)
    {
        var size = MessageCodec.GetSize(message);
        var frame = target.GetSpan(HeadBytes + 1 + size);
        MessageCodec.Write(message, frame[(HeadBytes + 1)..]);
        Seal(target, frame, PeerFrameKind.Raft, size);
    }

    public static void Write(IBufferWriter<byte> target, PeerFrameKind kind, ReadOnlySpan<byte> payload)
    {
        var frame = target.GetSpan(HeadBytes + 1 + payload.Length);
        payload.CopyTo(frame[(HeadBytes + 1)..]);
        Seal(target, frame, kind, payload.Length);
    }

    /// <summary>
    /// Reads one frame into memory of its own, which the log may keep. Throws <see cref="InvalidDataException"/> if it is damaged or
    /// longer than <paramref name="maxBytes"/>, and <see cref="EndOfStreamException"/> at the end.
    /// </summary>
    public static async ValueTask<(PeerFrameKind Kind, ReadOnlyMemory<byte> Payload)> ReadAsync(
        Stream stream, byte[] head, int maxBytes, CancellationToken cancellationToken)
    {
        await stream.ReadExactlyAsync(head.AsMemory(0, HeadBytes), cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (length == 0 || length > (uint)maxBytes)
        {
            throw new InvalidDataException($"a frame claims to have {length} bytes; 1 to {maxBytes} are allowed");
        }

        var body = await ReadBodyAsync(stream, (int)length, cancellationToken).ConfigureAwait(false);
        return Crc32C.Append(0, body) == BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4))
            ? ((PeerFrameKind)body[0], body.AsMemory(1))
            : throw new InvalidDataException("a frame's checksum does not match");
    }

    /// <summary>Allocates as the bytes arrive, so that a false length costs its sender as many bytes as it costs the receiver.</summary>
    private static async ValueTask<byte[]> ReadBodyAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        const int TrustedBytes = 1 << 20;
        var body = new byte[Math.Min(length, TrustedBytes)];
        var read = 0;
        while (true)
        {
            await stream.ReadExactlyAsync(body.AsMemory(read), cancellationToken).ConfigureAwait(false);
            read = body.Length;
            if (read == length)
            {
                return body;
            }

            Array.Resize(ref body, (int)Math.Min(length, 2L * read));
        }
    }

    private static void Seal(IBufferWriter<byte> target, Span<byte> frame, PeerFrameKind kind, int payloadBytes)
    {
        frame[HeadBytes] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)payloadBytes + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Append(0, frame.Slice(HeadBytes, payloadBytes + 1)));
        target.Advance(HeadBytes + 1 + payloadBytes);
    }
}
