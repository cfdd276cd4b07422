using Krewe.Raft.Log;
using Prometheus;

namespace Krewe.Silo.Observability;

/// <summary>The write-ahead log's disk work under etcd's names. The log is opened before the metrics exist, so they join later.</summary>
internal sealed class WalMetrics : IWalObserver
{
    private const int Buckets = 14;
    private const double FirstBucketSeconds = 0.001;

    private Histogram? _syncSeconds;
    private Histogram? _writeSeconds;
    private Gauge? _writtenBytes;

    public void Register(MetricFactory factory)
    {
        var buckets = new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(FirstBucketSeconds, 2, Buckets) };
        _writtenBytes = factory.CreateGauge("etcd_disk_wal_write_bytes_total", "bytes written to the log");
        _writeSeconds = factory.CreateHistogram("etcd_disk_wal_write_duration_seconds", "log write latency", buckets);
        _syncSeconds = factory.CreateHistogram("etcd_disk_wal_fsync_duration_seconds", "log fsync latency", buckets);
    }

    public void Written(int bytes, TimeSpan duration)
    {
        _writtenBytes?.Inc(bytes);
        _writeSeconds?.Observe(duration.TotalSeconds);
    }

    public void Synced(long bytes, TimeSpan duration) => _syncSeconds?.Observe(duration.TotalSeconds);
}
