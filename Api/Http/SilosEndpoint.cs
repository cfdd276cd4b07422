using System.Text.Json;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Cluster;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>
/// Krewe's own: where a gateway process finds the cluster's silos, as <c>{"cluster":"...","gateways":["host:port"]}</c>. 403 while auth is enabled:
/// gateways serve no such cluster, and strangers need not know its silos.
/// </summary>
internal sealed class SilosEndpoint(ISiloGateways silos, AuthGuard guard) : IHttpEndpoint
{
    public string Path => "/krewe/silos";

    public bool OnMetricsListeners => false;

    public Task HandleAsync(HttpContext http)
    {
        if (guard.View.Enabled)
        {
            return HttpText.WriteErrorAsync(http, StatusCodes.Status403Forbidden, "not while authentication is enabled");
        }

        var body = JsonSerializer.Serialize(new Dictionary<string, object> { ["cluster"] = silos.ClusterName, ["gateways"] = silos.Addresses });
        return HttpText.WriteAsync(http, StatusCodes.Status200OK, body, "application/json");
    }
}
