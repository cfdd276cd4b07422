using System.Net;
using Orleans.Messaging;
using Orleans.Runtime;

namespace Krewe.Silo.Gateway;

/// <summary>The silos that an Orleans client may connect to, as members tell them.</summary>
internal sealed class DiscoveredGateways(SiloDiscovery discovery) : IGatewayListProvider
{
    /// <summary>How often members are asked again.</summary>
    public static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(1);

    public TimeSpan MaxStaleness => RefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        await discovery.RefreshAsync(CancellationToken.None).ConfigureAwait(false);
        return [.. discovery.Addresses.Select(address => SiloAddress.New(IPEndPoint.Parse(address), 0).ToGatewayUri())];
    }
}
