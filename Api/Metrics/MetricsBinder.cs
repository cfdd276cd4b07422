namespace Krewe.Api.Metrics;

/// <summary>Registers Api's metrics once at start, so that they are scraped before the first request.</summary>
internal sealed class MetricsBinder(RpcMetrics rpc, ServerMetrics server, ProcessMetrics process)
{
    public void Bind()
    {
        rpc.Bind();
        server.Bind();
        process.Bind();
    }
}
