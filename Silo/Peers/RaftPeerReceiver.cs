using Krewe.Raft.Core;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Peers;

/// <summary>Hands what peers send to the Raft node, and forwarded proposals to the forwarder.</summary>
internal sealed class RaftPeerReceiver(RaftNode node, ProposalForwarder? forwarder) : IPeerReceiver
{
    public void Receive(in Message message) => node.Step(message);

    public void Receive(ulong from, PeerFrameKind kind, ReadOnlyMemory<byte> payload) => forwarder?.Receive(from, kind, payload);

    public void Unreachable(ulong memberId) => node.ReportUnreachable(memberId);
}
