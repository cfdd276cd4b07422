using Krewe.Raft.Core;

namespace Krewe.Silo.Peers;

/// <summary>What waits to be sent: a Raft message, encoded when its turn comes, or the payload of another kind of frame.</summary>
internal readonly record struct OutgoingFrame(PeerFrameKind Kind, Message Message, ReadOnlyMemory<byte> Payload, long Bytes);
