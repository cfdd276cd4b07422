using System.Globalization;
using System.Net;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Cluster;
using Orleans.Runtime;

namespace Krewe.Silo.Hosting;

/// <summary>The live silos' gateways as the replicated membership table has them.</summary>
internal sealed class MemberGateways(string clusterName, SiloTable silos) : ISiloGateways
{
    public string ClusterName => clusterName;

    public IReadOnlyList<string> Addresses =>
    [
        .. silos.Current.Rows.Values
            .Where(row => row.Status == SiloRowStatus.Active && row.ProxyPort > 0)
            .Select(row => new IPEndPoint(SiloAddress.FromParsableString(row.Silo).Endpoint.Address, row.ProxyPort))
            .Select(address => address.ToString())
            .Order(StringComparer.Ordinal),
    ];
}
