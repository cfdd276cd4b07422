using Krewe.Raft.Core;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Nodes;

/// <content>Applies what is committed, and compacts the log behind it.</content>
internal sealed partial class SimNode
{
    private void ApplySoon()
    {
        if (host.Profile.ApplyMax == 0)
        {
            ApplyAll();
        }
        else
        {
            host.ScheduleApply(this);
        }
    }

    private void ApplyAll()
    {
        host.Observe(this);
        while (_applying.TryDequeue(out ApplyWork? work))
        {
            if (work.Snapshot is { } snapshot)
            {
                RestoreState(snapshot);
            }

            ApplyEntries(work.Entries);
            Core!.Applied(Applied);
            host.Observe(this);
        }

        CompactIfDue();
        AnswerReads();
        _service?.FollowLeadership();
    }

    private void ApplyEntries(ReadOnlySpan<Entry> entries)
    {
        while (!entries.IsEmpty)
        {
            int group = State.AppliesGroups ? entries.Length : 1;
            ApplyGroup(entries[..group]);
            entries = entries[group..];
        }
    }

    private void RestoreState(SimSnapshot snapshot)
    {
        if (snapshot.Index < Applied)
        {
            throw new SimulationException($"node {Id} restores a snapshot at {snapshot.Index} over {Applied}");
        }

        if (bug != SeededBug.StaleSnapshotState)
        {
            State.Restore(snapshot.Data!);
        }

        Counts.Restores++;
        Applied = snapshot.Index;
        AppliedTerm = snapshot.Term;
        foreach (ulong index in _writes.Keys.Where(i => i <= snapshot.Index).ToArray())
        {
            _writes.Remove(index);
        }
    }

    private void ApplyGroup(ReadOnlySpan<Entry> entries)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Index != Applied + 1 + (ulong)i)
            {
                throw new SimulationException($"node {Id} applies {entries[i].Index} after {Applied + (ulong)i}");
            }

            host.ObserveApplied(this, entries[i]);
            if (entries[i].Kind == EntryKind.ConfChange)
            {
                ApplyConfChange(entries[i]);
            }
        }

        var results = new object?[entries.Length];
        State.Apply(entries, results);
        Applied = entries[^1].Index;
        AppliedTerm = entries[^1].Term;
        _lastApplied = entries[^1].Kind;
        host.ObserveState(this);
        for (int i = 0; i < entries.Length; i++)
        {
            CompleteWrite(entries[i], results[i]);
            if (Core!.IsLeader)
            {
                host.Answer(this, entries[i].Index, entries[i].Term);
            }
        }

        _service?.Applied();
    }

    private void ApplyConfChange(in Entry entry)
    {
        if (!ConfChangeCodec.TryDecode(entry.Data, out ConfChange change))
        {
            throw new SimulationException($"node {Id} can't decode the membership change at {entry.Index}");
        }

        Counts.ConfChanges++;
        Counts.JointConfigurations += Core!.ApplyConfChange(entry.Index, change).IsJoint ? 1 : 0;
    }

    private void CompleteWrite(in Entry entry, object? result)
    {
        if (!_writes.Remove(entry.Index, out PendingWrite? write))
        {
            return;
        }

        if (write.Term == entry.Term)
        {
            host.Complete(write.Client, write.Number, write.Operation, result);
        }
        else
        {
            host.Fail(write.Client, write.Number, write.Operation);
        }
    }

    private void CompactIfDue()
    {
        int every = host.Profile.CompactEvery;
        bool due = every > 0 && Applied >= Disk.Checkpoint.Index + (ulong)every;
        if (Applied == 0 || Core is null || Core.FirstIndex > Applied + 1 || (!due && !_snapshotWanted))
        {
            return;
        }

        _snapshotWanted = false;
        if (!Core.TryGetTerm(Applied, out ulong term))
        {
            return;
        }

        ulong floor = Math.Max(Disk.CompactIndex, every > 0 && Applied > (ulong)(every / 2) ? Applied - (ulong)(every / 2) : 0);
        ulong index = Applied;
        if (bug == SeededBug.StateAheadOfItsIndex && _lastApplied == EntryKind.Normal && Core.TryGetTerm(index - 1, out ulong before))
        {
            index--;
            term = before;
            floor = Math.Min(floor, index);
        }

        SimSnapshot snapshot = host.Register(index, term, Core.ConfState, State.TakeSnapshot());
        Disk.Compact(snapshot, due ? floor : Disk.CompactIndex);
        Core.CompactTo(due ? floor : Disk.CompactIndex);
    }
}
