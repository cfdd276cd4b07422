namespace Krewe.Silo.Configuration.Options;

/// <summary><c>--metrics</c>.</summary>
public enum MetricsDetail
{
    /// <summary>Counters and gauges.</summary>
    Basic,

    /// <summary>Also the latency histograms of requests.</summary>
    Extensive,
}
