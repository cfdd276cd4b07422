namespace Krewe.Silo.Peers;

/// <summary>What other members say when they refuse this one's connections.</summary>
internal interface IPeerRefusals
{
    /// <summary>Raised on the thread that dials, for each refused attempt.</summary>
    event Action<PeerRefusal>? Refused;
}
