using Prometheus;

namespace Krewe.Api.Metrics;

/// <summary>
/// The metrics that /metrics shows. Other parts of the process register theirs here, by the names of metrics.tsv, and keep numbers
/// up to date either as they change or in <see cref="BeforeCollect"/>.
/// </summary>
public sealed class KreweMetrics
{
    public KreweMetrics()
    {
        Registry = Prometheus.Metrics.NewCustomRegistry();
        Factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        Factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
    }

    public CollectorRegistry Registry { get; }

    /// <summary>Makes counters, gauges and histograms in <see cref="Registry"/>.</summary>
    public MetricFactory Factory { get; }

    /// <summary>Runs <paramref name="update"/> at every scrape, before the numbers are read.</summary>
    public void BeforeCollect(Action update) => Registry.AddBeforeCollectCallback(update);
}
