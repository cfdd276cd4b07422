using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>What committed entries are applied to. One thread calls it.</summary>
internal interface IStateMachine
{
    /// <summary>
    /// Applies entries in log order, all or none, and adds one outcome an entry. Throws
    /// <see cref="Krewe.Grains.Keyspace.Storage.StoreFaultException"/> if the store can't take them: nothing changed, try again.
    /// </summary>
    void Apply(ReadOnlySpan<Entry> entries, List<Krewe.Grains.Replication.EntryOutcome> outcomes);

    /// <summary>Replaces all state by a leader's snapshot, whose data was stored here before its marker went into the log.</summary>
    void Restore(SnapshotMetadata snapshot) => throw new NotSupportedException("this state machine installs no snapshots");

    /// <summary>Work that fits between two groups of entries, in small pieces.</summary>
    void Idle();

    /// <summary>This member leads and has applied all that was in the log before its term: what it evaluates against starts here.</summary>
    void LeadershipGained(ulong term);

    /// <summary>Another member leads, or none.</summary>
    void LeadershipLost();
}
