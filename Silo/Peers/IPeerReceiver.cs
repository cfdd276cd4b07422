using Krewe.Raft.Core;

namespace Krewe.Silo.Peers;

/// <summary>Gets what peers send. Called by the connections' readers, several at once; must not block for long.</summary>
internal interface IPeerReceiver
{
    void Receive(in Message message);

    /// <summary>A frame of another kind from a member.</summary>
    void Receive(ulong from, PeerFrameKind kind, ReadOnlyMemory<byte> payload);

    /// <summary>Messages to the member were lost or could not be sent.</summary>
    void Unreachable(ulong memberId);
}
