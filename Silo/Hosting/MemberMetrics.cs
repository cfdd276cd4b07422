using Krewe.Api.Metrics;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Leases;
using Krewe.Grains.Maintenance;
using Krewe.Silo.Observability;
using Krewe.Silo.Replication;
using Prometheus;

namespace Krewe.Silo.Hosting;

/// <summary>The store's, the log's and the keyspace's numbers under etcd's names (metrics.tsv), read at each scrape.</summary>
internal sealed class MemberMetrics
{
    private readonly List<Action> _updates = [];

    public MemberMetrics(
        KreweMetrics metrics, MemberState state, RaftNode node, IKeyspaceStore store, QuotaGuard quota, LeaseExpirer expirer, WalMetrics wal)
    {
        var factory = metrics.Factory;
        var keyspace = state.Keyspace;
        wal.Register(factory);
        Gauge(factory, "etcd_server_proposals_applied_total", "applied raft index", () => node.AppliedIndex);
        Gauge(factory, "etcd_server_proposals_committed_total", "committed raft index", () => node.CommitIndex);
        Gauge(factory, "etcd_server_proposals_pending", "proposals waiting", () => node.PendingProposals);
        Counter(factory, "etcd_server_proposals_failed_total", "proposals failed or timed out", () => node.FailedProposals);
        Counter(factory, "etcd_server_leader_changes_seen_total", "leader changes seen", () => node.LeaderChangesSeen);
        Gauge(factory, "etcd_server_quota_backend_bytes", "configured backend quota", () => quota.QuotaBytes);
        Gauge(factory, "etcd_mvcc_db_total_size_in_bytes", "backend size allocated", () => store.SizeBytes);
        Gauge(factory, "etcd_mvcc_db_total_size_in_use_in_bytes", "backend bytes in use", () => store.SizeInUseBytes);
        Counter(factory, "etcd_mvcc_put_total", "puts", () => keyspace.Counters.Puts);
        Counter(factory, "etcd_mvcc_delete_total", "deletes", () => keyspace.Counters.Deletes);
        Gauge(factory, "etcd_debugging_mvcc_current_revision", "current store revision", () => keyspace.Revision);
        Gauge(factory, "etcd_debugging_mvcc_compact_revision", "last compaction revision", () => keyspace.CompactRevision);
        Gauge(factory, "etcd_debugging_mvcc_keys_total", "keys held", () => keyspace.KeyCount);
        Counter(factory, "etcd_debugging_mvcc_db_compaction_keys_total", "revisions removed by compaction", () => keyspace.Counters.CompactedRows);
        Counter(factory, "etcd_debugging_server_lease_expired_total", "leases expired by the leader", () => expirer.Expired);
        metrics.BeforeCollect(() => _updates.ForEach(update => update()));
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
