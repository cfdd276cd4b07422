using Krewe.Silo.Clustering;

namespace Krewe.Cluster.Tests.Fakes;

internal sealed class FakeLiveness : IPeerLiveness
{
    public Dictionary<ulong, long> LastHeard { get; } = [];

    public bool TryGetLastHeard(ulong memberId, out long timestamp) => LastHeard.TryGetValue(memberId, out timestamp);
}
