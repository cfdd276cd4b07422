using System.Text.Json;
using Krewe.Api.Hosting;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>/version (behaviour 313).</summary>
internal sealed class VersionEndpoint(ApiOptions options) : IHttpEndpoint
{
    private readonly string _body = JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["etcdserver"] = options.ServerVersion,
        ["etcdcluster"] = options.ClusterVersion ?? "not_decided",
        ["storage"] = options.StorageVersion,
    });

    public string Path => "/version";

    public bool OnMetricsListeners => false;

    public Task HandleAsync(HttpContext http) => HttpText.WriteAsync(http, StatusCodes.Status200OK, _body, "application/json");
}
