namespace Krewe.Api.Hosting.Transport;

/// <summary>What a listener serves.</summary>
internal enum ListenerRole
{
    /// <summary>gRPC and all HTTP endpoints (--listen-client-urls).</summary>
    Client,

    /// <summary>Metrics and health only (--listen-metrics-urls; behaviour 315).</summary>
    Metrics,
}
