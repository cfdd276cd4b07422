using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Leases;
using Krewe.Grains.Maintenance;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using KeyspaceApplyStatus = Krewe.Grains.Keyspace.ApplyStatus;

namespace Krewe.Silo.Replication;

/// <summary>Applies committed entries to the keyspace, and tells those who work at the tail of the log about leadership.</summary>
internal sealed class KeyspaceStateMachine(
    KeyspaceState state,
    Tail tail,
    PendingOwners pendingOwners,
    LeaseClocks clocks,
    LeaseOptions leases) : IStateMachine
{
    private ApplyResult[] _results = [];

    /// <summary>Removes compacted data between batches; set once the log runs.</summary>
    public CompactionDriver? Compaction { get; set; }

    public void Apply(ReadOnlySpan<Entry> entries, List<EntryOutcome> outcomes)
    {
        if (_results.Length < entries.Length)
        {
            _results = new ApplyResult[Math.Max(entries.Length, _results.Length * 2)];
        }

        var results = _results.AsSpan(0, entries.Length);
        state.Apply(entries, results);
        foreach (ref readonly var result in results)
        {
            outcomes.Add(new EntryOutcome(
                result.Status == KeyspaceApplyStatus.Applied ? EntryStatus.Applied : EntryStatus.Refused,
                result.ModuleResults is { Count: > 0 } answers ? answers[0] : null));
        }

        results.Clear();
        pendingOwners.Applied(entries[^1].Index);
        Compaction?.Wake();
    }

    public void Idle() => Compaction?.Step();

    public void LeadershipGained(ulong term)
    {
        lock (tail.Gate)
        {
            pendingOwners.Clear();
            tail.Reset(term);
        }

        clocks.Promote(state.Leases.Snapshot(), leases.ElectionTimeoutMilliseconds);
    }

    public void LeadershipLost() => clocks.Demote();
}
