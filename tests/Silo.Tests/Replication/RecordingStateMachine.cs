using System.Collections.Concurrent;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Tests.Replication;

/// <summary>Remembers what was applied; can be told to fail.</summary>
internal sealed class RecordingStateMachine : IStateMachine
{
    public ConcurrentQueue<Entry> Applied { get; } = new();

    public ConcurrentQueue<ulong> TermsLed { get; } = new();

    public ConcurrentQueue<SnapshotMetadata> Restored { get; } = new();

    public int LossesOfLeadership { get; private set; }

    /// <summary>Gets the applied index after each group, if there is one.</summary>
    public IKeyspaceStore? Store { get; init; }

    /// <summary>Called before each group is applied.</summary>
    public Action BeforeApply { get; set; } = () => { };

    public void Apply(ReadOnlySpan<Entry> entries, List<EntryOutcome> outcomes)
    {
        BeforeApply();
        foreach (var entry in entries)
        {
            Applied.Enqueue(entry);
            outcomes.Add(new EntryOutcome(EntryStatus.Applied));
        }

        if (Store is not null)
        {
            using var batch = Store.CreateBatch();
            Store.Write(batch, entries[^1].Index);
        }
    }

    public void Restore(SnapshotMetadata snapshot) => Restored.Enqueue(snapshot);

    public void Idle()
    {
    }

    public void LeadershipGained(ulong term) => TermsLed.Enqueue(term);

    public void LeadershipLost() => LossesOfLeadership++;
}
