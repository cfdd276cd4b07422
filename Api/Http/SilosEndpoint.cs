using System.Text.Json;
using Krewe.Grains.Interfaces.Cluster;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>Krewe's own: where a gateway process finds the cluster's silos, as <c>{"cluster":"...","gateways":["host:port"]}</c>.</summary>
internal sealed class SilosEndpoint(ISiloGateways silos) : IHttpEndpoint
{
    public string Path => "/krewe/silos";

    public bool OnMetricsListeners => false;

    public Task HandleAsync(HttpContext http)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object> { ["cluster"] = silos.ClusterName, ["gateways"] = silos.Addresses });
        return HttpText.WriteAsync(http, StatusCodes.Status200OK, body, "application/json");
    }
}
