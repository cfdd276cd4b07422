namespace Krewe.Silo.Peers;

/// <summary>What a frame holds. The values are part of the wire format.</summary>
internal enum PeerFrameKind : byte
{
    /// <summary>A Raft message in <see cref="Krewe.Raft.Core.MessageCodec"/>'s format.</summary>
    Raft = 1,

    /// <summary>A proposal for the leader.</summary>
    ForwardRequest = 2,

    /// <summary>What became of it.</summary>
    ForwardResponse = 3,

    /// <summary>The sender's peer URLs, separated by commas: the first frame, for receivers that don't know the cluster's members yet.</summary>
    Urls = 4,

    /// <summary>A snapshot, by its message and its manifest (Snapshots/SnapshotOffer).</summary>
    SnapshotOffer = 5,

    /// <summary>A piece of a snapshot that the receiver asks for (Snapshots/ChunkPlace).</summary>
    SnapshotWant = 6,

    /// <summary>That piece: its place and its bytes.</summary>
    SnapshotChunk = 7,

    /// <summary>How the transfer ended, one byte (Snapshots/SnapshotEnd).</summary>
    SnapshotEnd = 8,
}
