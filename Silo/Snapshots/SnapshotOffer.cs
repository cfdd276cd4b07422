using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Krewe.Raft.Core;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// The first frame of a transfer: version (1 byte), length of the Raft message (4 bytes, little endian), the message that the receiver's core
/// gets once the data is stored, and the manifest.
/// </summary>
internal sealed record SnapshotOffer(Message Message, SnapshotManifest Manifest)
{
    public const byte FormatVersion = 1;

    private const int HeadBytes = 1 + sizeof(int);

    public byte[] Encode()
    {
        var messageBytes = MessageCodec.GetSize(Message);
        var manifest = Manifest.Encode();
        var payload = new byte[HeadBytes + messageBytes + manifest.Length];
        payload[0] = FormatVersion;
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(1), messageBytes);
        MessageCodec.Write(Message, payload.AsSpan(HeadBytes));
        manifest.CopyTo(payload, HeadBytes + messageBytes);
        return payload;
    }

    /// <summary>False if it is malformed, of another version, or its parts do not belong together.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out SnapshotOffer? offer)
    {
        offer = null;
        if (payload.Length < HeadBytes || payload.Span[0] != FormatVersion)
        {
            return false;
        }

        var messageBytes = BinaryPrimitives.ReadInt32LittleEndian(payload.Span[1..]);
        if (messageBytes < 0 || messageBytes > payload.Length - HeadBytes
            || !MessageCodec.TryDecode(payload.Slice(HeadBytes, messageBytes), out var message)
            || message is not { Type: MessageType.Snapshot, Snapshot: { } snapshot }
            || !SnapshotManifest.TryDecode(payload.Span[(HeadBytes + messageBytes)..], out var manifest)
            || SnapshotManifest.IdOf(snapshot.Handle) != manifest.Id
            || (snapshot.Index, snapshot.Term) != (manifest.Index, manifest.Term))
        {
            return false;
        }

        offer = new SnapshotOffer(message, manifest);
        return true;
    }
}
