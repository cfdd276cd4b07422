namespace Krewe.Silo.Peers;

/// <summary>What a connection between members is for. The values are part of the wire format.</summary>
internal enum PeerLaneKind : byte
{
    /// <summary>Heartbeats, votes, acknowledgements and reads: small, and never behind a large append.</summary>
    Urgent = 1,

    /// <summary>Appends and forwarded proposals.</summary>
    Bulk = 2,

    /// <summary>The files of one snapshot.</summary>
    Snapshot = 3,
}
