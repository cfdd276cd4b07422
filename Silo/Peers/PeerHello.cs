using System.Buffers.Binary;
using Krewe.Raft.Log.Format;

namespace Krewe.Silo.Peers;

/// <summary>
/// The first bytes of a connection: "KRWP", version, lane, cluster id, sender, receiver (8 bytes each, little endian), CRC-32C of all that.
/// </summary>
internal readonly record struct PeerHello(byte Version, PeerLaneKind Lane, ulong ClusterId, ulong From, ulong To)
{
    /// <summary>The version of the peer protocol that this release speaks.</summary>
    public const byte CurrentVersion = 1;

    public const int Bytes = 34;

    public static ReadOnlySpan<byte> Magic => "KRWP"u8;

    public void Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        target[4] = Version;
        target[5] = (byte)Lane;
        BinaryPrimitives.WriteUInt64LittleEndian(target[6..], ClusterId);
        BinaryPrimitives.WriteUInt64LittleEndian(target[14..], From);
        BinaryPrimitives.WriteUInt64LittleEndian(target[22..], To);
        BinaryPrimitives.WriteUInt32LittleEndian(target[30..], Crc32C.Append(0, target[..30]));
    }

    /// <summary>False if these bytes are no greeting at all; the version may still be an unknown one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PeerHello hello)
    {
        hello = default;
        if (source.Length < Bytes || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[30..]) != Crc32C.Append(0, source[..30]))
        {
            return false;
        }

        hello = new PeerHello(
            source[4],
            (PeerLaneKind)source[5],
            BinaryPrimitives.ReadUInt64LittleEndian(source[6..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[14..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[22..]));
        return true;
    }
}
