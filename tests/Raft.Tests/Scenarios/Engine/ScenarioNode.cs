using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Scenarios.Engine;

/// <summary>A core with a driver whose disk and apply can be held back by hand.</summary>
internal sealed class ScenarioNode(ScenarioCluster cluster, RaftOptions options) : ISnapshotSource
{
    private readonly Queue<ScenarioWrite> _writes = new();
    private readonly Queue<Action> _applies = new();

    public ulong Id => options.Id;

    public ScenarioDisk Disk { get; } = new();

    public RaftCore Core { get; private set; } = null!;

    public bool IsUp { get; private set; }

    public bool HoldsDisk { get; set; }

    public bool HoldsApply { get; set; }

    public ulong Applied { get; private set; }

    public void Start()
    {
        IsUp = true;
        Applied = Disk.Snapshot.Index;
        Core = new RaftCore(options, new RaftInitialState
        {
            HardState = Disk.HardState,
            ConfState = Disk.Snapshot.ConfState,
            SnapshotIndex = Disk.CompactIndex,
            SnapshotTerm = Disk.CompactTerm,
            LastIndex = Disk.LastIndex,
            AppliedIndex = Applied,
        }, Disk, this);
        Process();
    }

    public void Crash()
    {
        IsUp = false;
        _writes.Clear();
        _applies.Clear();
    }

    public SnapshotMetadata? TryGetSnapshot(ulong minIndex)
    {
        if (Disk.Snapshot.Index >= minIndex)
        {
            return Disk.Snapshot;
        }

        cluster.Trace($"{Id}   snapshot at {minIndex} or later wanted");
        return null;
    }

    public void Process()
    {
        while (IsUp && Core.HasReady)
        {
            Handle(Core.TakeReady());
        }
    }

    public void ReleaseDisk(int count)
    {
        for (; count > 0 && _writes.TryDequeue(out ScenarioWrite? write); count--)
        {
            Store(write);
        }

        Process();
    }

    public void ReleaseApply()
    {
        while (_applies.TryDequeue(out Action? apply))
        {
            apply();
        }

        Process();
    }

    public void Compact(ulong index)
    {
        Core.TryGetTerm(Applied, out ulong term);
        Disk.Compact(new SnapshotMetadata(Applied, term, Core.ConfState, default), index);
        Core.CompactTo(index);
    }

    private void Handle(Ready ready)
    {
        if (ready.SoftState is { } soft)
        {
            cluster.Trace($"{Id}   is {Text.Role(soft.Role)} term={Core.Term}{(soft.LeaderId == 0 ? "" : $" leader={soft.LeaderId}")}");
        }

        Show(ready);
        foreach (Message message in ready.Messages.Span)
        {
            cluster.Send(message);
        }

        QueueStorage(ready);
        foreach (ReadState read in ready.ReadStates.Span)
        {
            cluster.Trace($"{Id}   read {read.Context} at {read.Index}");
        }

        foreach (Entry entry in ready.CommittedEntries.ToArray())
        {
            _applies.Enqueue(() => Apply(entry));
        }

        if (HoldsApply && ready.CommittedEntries.Length > 0)
        {
            cluster.Trace($"{Id}   is to apply [{Text.Entries(ready.CommittedEntries.Span)}]");
        }

        if (!HoldsApply)
        {
            ReleaseApplyNow();
        }
    }

    private void Show(Ready ready)
    {
        if (!ready.HasStorageWork)
        {
            return;
        }

        string text = ready.HardState is { } hard ? $" term={hard.Term} vote={hard.Vote} commit={hard.Commit}" : "";
        text += ready.Snapshot is { } snapshot ? $" snapshot {snapshot.Index}/{snapshot.Term} {snapshot.ConfState}" : "";
        text += ready.Entries.Length > 0 ? $" [{Text.Entries(ready.Entries.Span)}]" : "";
        cluster.Trace($"{Id}   stores{text}{(ready.MustSync ? $" sync {ready.AppendSequence}" : "")}");
    }

    private void QueueStorage(Ready ready)
    {
        _writes.Enqueue(new ScenarioWrite(
            ready.HardState, ready.Snapshot, ready.Entries.ToArray(), ready.AppendSequence, ready.MessagesAfterDurable.ToArray()));
        while (!HoldsDisk && _writes.TryDequeue(out ScenarioWrite? write))
        {
            Store(write);
        }
    }

    private void Store(ScenarioWrite write)
    {
        if (write.HardState is { } hard)
        {
            Disk.HardState = hard;
        }

        if (write.Snapshot is { } snapshot)
        {
            Disk.Install(snapshot);
            _applies.Enqueue(() => Restore(snapshot));
        }

        foreach (Entry entry in write.Entries)
        {
            Disk.Put(entry);
        }

        if (HoldsDisk && (write.HardState is not null || write.Snapshot is not null || write.Entries.Length > 0))
        {
            cluster.Trace($"{Id}   synced {write.Sequence}");
        }

        Core.AppendDurable(write.Sequence);
        foreach (Message message in write.Messages)
        {
            cluster.Send(message);
        }
    }

    private void ReleaseApplyNow()
    {
        while (_applies.TryDequeue(out Action? apply))
        {
            apply();
        }
    }

    private void Restore(SnapshotMetadata snapshot)
    {
        cluster.Trace($"{Id}   restores {snapshot.Index}/{snapshot.Term}");
        Applied = snapshot.Index;
        Core.Applied(Applied);
    }

    private void Apply(in Entry entry)
    {
        Assert.Equal(Applied + 1, entry.Index);
        Applied = entry.Index;
        if (entry.Kind == EntryKind.ConfChange)
        {
            Assert.True(ConfChangeCodec.TryDecode(entry.Data, out ConfChange change));
            cluster.Trace($"{Id}   applies {Text.Entry(entry)}: {Core.ApplyConfChange(entry.Index, change)}");
        }
        else
        {
            cluster.Trace($"{Id}   applies {Text.Entry(entry)}");
        }

        Core.Applied(Applied);
    }
}
