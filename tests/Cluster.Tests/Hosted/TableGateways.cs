using System.Net;
using Krewe.Grains.Cluster.Silos;
using Orleans.Messaging;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Hosted;

/// <summary>Gateways for an outside client, from the replicated membership table.</summary>
internal sealed class TableGateways(SiloTable silos) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => TimeSpan.FromMilliseconds(100);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public Task<IList<Uri>> GetGateways() => Task.FromResult<IList<Uri>>(
    [
        .. silos.Current.Rows.Values
            .Where(row => row.Status == SiloRowStatus.Active && row.ProxyPort > 0)
            .Select(row => SiloAddress.New(new IPEndPoint(SiloAddress.FromParsableString(row.Silo).Endpoint.Address, row.ProxyPort), 0).ToGatewayUri()),
    ]);
}
