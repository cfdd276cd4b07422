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

    /// <summary>Where received snapshots lie; without it none can be installed.</summary>
    public ISnapshotStores? Snapshots { get; set; }

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

    /// <summary>
    /// Reads that are under way finish in the state before; those that begin later find the new one (docs/internals/snapshots.md).
    /// </summary>
    public void Restore(SnapshotMetadata snapshot)
    {
        var stores = Snapshots ?? throw new NotSupportedException("this state machine installs no snapshots");
        var store = stores.Open(snapshot);
        try
        {
            stores.MakeCurrent(snapshot, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        var released = state.Load(store);

        // An evaluation that still looks at the state before holds the gate; none after it does.
        lock (tail.Gate)
        {
            pendingOwners.Applied(snapshot.Index);
            tail.Reset(tail.Term);
        }

        stores.CloseReplaced(released);
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
