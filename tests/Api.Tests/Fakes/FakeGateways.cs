using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Api.Tests.Fakes;

/// <summary>Silos that do not exist.</summary>
internal sealed class FakeGateways : ISiloGateways
{
    public string ClusterName => "c1";

    public IReadOnlyList<string> Addresses => ["10.0.0.1:4000", "10.0.0.2:4000"];
}
