using Krewe.Silo.Clustering;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Hosting;

/// <summary>When the transport last heard of the other members.</summary>
internal sealed class PeerLiveness(PeerTransport transport) : IPeerLiveness
{
    public bool TryGetLastHeard(ulong memberId, out long timestamp) => transport.TryGetLastHeard(memberId, out timestamp);
}
