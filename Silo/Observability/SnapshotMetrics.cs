using System.Globalization;
using Prometheus;

namespace Krewe.Silo.Observability;

/// <summary>Snapshots between members under etcd's names; other members are labelled by their IDs in hex.</summary>
internal sealed class SnapshotMetrics
{
    private const double FirstNetworkBucketSeconds = 0.1;
    private const int NetworkBuckets = 10;
    private const double FirstSaveBucketSeconds = 0.001;
    private const int SaveBuckets = 14;

    private Direction? _send;
    private Direction? _receive;
    private Histogram? _saveSeconds;

    /// <summary>Before it nothing is counted.</summary>
    public void Register(MetricFactory factory)
    {
        _send = new Direction(factory, "send", "To");
        _receive = new Direction(factory, "receive", "From");
        _saveSeconds = factory.CreateHistogram(
            "etcd_snap_db_save_total_duration_seconds",
            "time to receive and store a snapshot's data",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(FirstSaveBucketSeconds, 2, SaveBuckets) });
    }

    public void SendBegins(ulong to) => _send?.Begin(to);

    public void SendEnds(ulong to, bool isTaken, TimeSpan duration) => _send?.End(to, isTaken, duration);

    public void ReceiveBegins(ulong from) => _receive?.Begin(from);

    public void ReceiveEnds(ulong from, bool isTaken, TimeSpan duration)
    {
        _receive?.End(from, isTaken, duration);
        if (isTaken)
        {
            _saveSeconds?.Observe(duration.TotalSeconds);
        }
    }

    private sealed class Direction(MetricFactory factory, string verb, string label)
    {
        private readonly Counter _success = factory.CreateCounter($"etcd_network_snapshot_{verb}_success", $"snapshots: {verb} succeeded", label);
        private readonly Counter _failures = factory.CreateCounter($"etcd_network_snapshot_{verb}_failures", $"snapshots: {verb} failed", label);
        private readonly Gauge _inflights = factory.CreateGauge($"etcd_network_snapshot_{verb}_inflights_total", $"snapshots: {verb} under way", label);
        private readonly Histogram _seconds = factory.CreateHistogram(
            $"etcd_network_snapshot_{verb}_total_duration_seconds",
            $"snapshots: {verb} duration",
            [label],
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(FirstNetworkBucketSeconds, 2, NetworkBuckets) });

        public void Begin(ulong member) => _inflights.WithLabels(Name(member)).Inc();

        public void End(ulong member, bool isTaken, TimeSpan duration)
        {
            var name = Name(member);
            _inflights.WithLabels(name).Dec();
            (isTaken ? _success : _failures).WithLabels(name).Inc();
            if (isTaken)
            {
                _seconds.WithLabels(name).Observe(duration.TotalSeconds);
            }
        }

        private static string Name(ulong member) => member.ToString("x", CultureInfo.InvariantCulture);
    }
}
