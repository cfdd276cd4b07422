namespace Krewe.Silo.Peers;

/// <summary>The answer to a handshake. The values are part of the wire format.</summary>
internal enum PeerRefusal : byte
{
    None = 0,

    /// <summary>The members belong to different clusters.</summary>
    ClusterIdMismatch = 1,

    /// <summary>The receiver does not know the sender (yet).</summary>
    UnknownMember = 2,

    /// <summary>The sender was removed from the cluster.</summary>
    RemovedMember = 3,

    /// <summary>Another member listens at this address.</summary>
    WrongTarget = 4,

    /// <summary>The receiver does not speak the sender's version of the protocol.</summary>
    UnsupportedVersion = 5,
}
