using System.Buffers.Binary;
using Krewe.Raft.Log.Format;

namespace Krewe.Silo.Peers;

/// <summary>
/// The answer to a <see cref="PeerHello"/>: "KRWA", version, refusal, cluster id, member id (8 bytes each, little endian), CRC-32C.
/// </summary>
internal readonly record struct PeerWelcome(byte Version, PeerRefusal Refusal, ulong ClusterId, ulong MemberId)
{
    public const int Bytes = 26;

    private static ReadOnlySpan<byte> Magic => "KRWA"u8;

    public void Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        target[4] = Version;
        target[5] = (byte)Refusal;
        BinaryPrimitives.WriteUInt64LittleEndian(target[6..], ClusterId);
        BinaryPrimitives.WriteUInt64LittleEndian(target[14..], MemberId);
        BinaryPrimitives.WriteUInt32LittleEndian(target[22..], Crc32C.Append(0, target[..22]));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out PeerWelcome welcome)
    {
        welcome = default;
        if (source.Length < Bytes || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[22..]) != Crc32C.Append(0, source[..22]))
        {
            return false;
        }

        welcome = new PeerWelcome(
            source[4],
            (PeerRefusal)source[5],
            BinaryPrimitives.ReadUInt64LittleEndian(source[6..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[14..]));
        return true;
    }
}
