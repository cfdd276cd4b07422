using Krewe.Api.Metrics;
using Krewe.Grains.Leases;
using Krewe.Grains.Maintenance;
using Krewe.Grains.Watch;
using Krewe.Silo.Observability;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;
using Prometheus;

namespace Krewe.Silo.Hosting;

/// <summary>The store's, the log's and the keyspace's numbers under etcd's names (metrics.tsv), read at each scrape.</summary>
internal sealed class MemberMetrics
{
    private readonly List<Action> _updates = [];

    public MemberMetrics(
        KreweMetrics metrics, MemberState state, RaftNode node, QuotaGuard quota, LeaseExpirer expirer, WatchHub watches,
        SnapshotMetrics snapshots, MemberStores stores)
    {
        var factory = metrics.Factory;
        var keyspace = state.Keyspace;
        var store = state.Store;
        state.WalMetrics.Register(factory);
        state.StoreMetrics.Register(factory);
        snapshots.Register(factory);
        Gauge(factory, "etcd_server_snapshot_apply_in_progress_total", "1 while a snapshot of another member is installed", () => stores.IsInstalling ? 1 : 0);
        Gauge(factory, "etcd_server_proposals_applied_total", "applied raft index", () => node.AppliedIndex);
        Gauge(factory, "etcd_server_proposals_committed_total", "committed raft index", () => node.CommitIndex);
        Gauge(factory, "etcd_server_proposals_pending", "proposals waiting", () => node.PendingProposals);
        Counter(factory, "etcd_server_proposals_failed_total", "proposals failed or timed out", () => node.FailedProposals);
        Counter(factory, "etcd_server_leader_changes_seen_total", "leader changes seen", () => node.LeaderChangesSeen);
        Counter(factory, "etcd_server_slow_apply_total", "groups of entries that took longer to apply than the warning duration", () => node.SlowApplies);
        Gauge(factory, "etcd_server_quota_backend_bytes", "configured backend quota", () => quota.QuotaBytes);
        Gauge(factory, "etcd_mvcc_db_total_size_in_bytes", "backend size allocated", () => store.SizeBytes);
        Gauge(factory, "etcd_mvcc_db_total_size_in_use_in_bytes", "backend bytes in use", () => store.SizeInUseBytes);
        Counter(factory, "etcd_mvcc_put_total", "puts", () => keyspace.Counters.Puts);
        Counter(factory, "etcd_mvcc_delete_total", "deletes", () => keyspace.Counters.Deletes);
        Counter(factory, "etcd_mvcc_range_total", "ranges", () => keyspace.Counters.Ranges);
        Counter(factory, "etcd_mvcc_txn_total", "transactions of more than one operation", () => keyspace.Counters.Transactions);
        Gauge(factory, "etcd_debugging_auth_revision", "auth store revision", () => state.Auth.View.Revision);
        Gauge(factory, "etcd_debugging_mvcc_current_revision", "current store revision", () => keyspace.Revision);
        Gauge(factory, "etcd_debugging_mvcc_compact_revision", "last compaction revision", () => keyspace.CompactRevision);
        Gauge(factory, "etcd_debugging_mvcc_keys_total", "keys held", () => keyspace.KeyCount);
        Counter(factory, "etcd_debugging_mvcc_db_compaction_keys_total", "revisions removed by compaction", () => keyspace.Counters.CompactedRows);
        Counter(factory, "etcd_debugging_server_lease_expired_total", "leases expired by the leader", () => expirer.Expired);
        AddWatches(factory, watches);
        metrics.BeforeCollect(() => _updates.ForEach(update => update()));
    }

    private void AddWatches(MetricFactory factory, WatchHub watches)
    {
        var streams = factory.CreateGauge("etcd_debugging_mvcc_watch_stream_total", "open watch streams");
        var watchers = factory.CreateGauge("etcd_debugging_mvcc_watcher_total", "watchers");
        var slow = factory.CreateGauge("etcd_debugging_mvcc_slow_watcher_total", "watchers that are not in the live flow");
        var pending = factory.CreateGauge("etcd_debugging_mvcc_pending_events_total", "events that wait for a stream's reader");
        var delivered = factory.CreateCounter("etcd_debugging_mvcc_events_total", "events handed to watchers");
        _updates.Add(() =>
        {
            var now = watches.GetStatistics();
            streams.Set(now.Streams);
            watchers.Set(now.Watchers);
            slow.Set(now.SlowWatchers);
            pending.Set(now.PendingEvents);
            delivered.IncTo(now.Events);
        });
    }

    private void Gauge(MetricFactory factory, string name, string help, Func<double> read)
    {
        var gauge = factory.CreateGauge(name, help);
        _updates.Add(() => gauge.Set(read()));
    }

    private void Counter(MetricFactory factory, string name, string help, Func<double> read)
    {
        var counter = factory.CreateCounter(name, help);
        _updates.Add(() => counter.IncTo(read()));
    }
}
