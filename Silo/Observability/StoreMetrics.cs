using Prometheus;

namespace Krewe.Silo.Observability;

/// <summary>The store's writes under etcd's names. The store is opened before the metrics exist, so they join later.</summary>
internal sealed class StoreMetrics
{
    private const int Buckets = 14;
    private const double FirstBucketSeconds = 0.001;

    private Histogram? _commitSeconds;

    public void Register(MetricFactory factory)
    {
        var buckets = new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(FirstBucketSeconds, 2, Buckets) };
        _commitSeconds = factory.CreateHistogram("etcd_disk_backend_commit_duration_seconds", "time of writing a batch to the store", buckets);
    }

    public void Written(TimeSpan duration) => _commitSeconds?.Observe(duration.TotalSeconds);
}
