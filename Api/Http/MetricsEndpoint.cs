using Krewe.Api.Metrics;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>/metrics in Prometheus' text format (behaviour 314).</summary>
internal sealed class MetricsEndpoint(KreweMetrics metrics) : IHttpEndpoint
{
    public string Path => "/metrics";

    public bool GetOnly => false;

    public async Task HandleAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await metrics.Registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }
}
