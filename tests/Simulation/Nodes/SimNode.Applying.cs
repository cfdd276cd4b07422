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

            foreach (Entry entry in work.Entries)
            {
                ApplyEntry(entry);
            }

            Core!.Applied(Applied);
            host.Observe(this);
        }

        CompactIfDue();
        AnswerReads();
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
        foreach (ulong index in _writes.Keys.Where(i => i <= snapshot.Index).ToArray())
        {
            _writes.Remove(index);
        }
    }

    private void ApplyEntry(in Entry entry)
    {
        if (entry.Index != Applied + 1)
        {
            throw new SimulationException($"node {Id} applies {entry.Index} after {Applied}");
        }

        host.ObserveApplied(this, entry);
        object? result = null;
        if (entry.Kind == EntryKind.ConfChange)
        {
            if (!ConfChangeCodec.TryDecode(entry.Data, out ConfChange change))
            {
                throw new SimulationException($"node {Id} can't decode the membership change at {entry.Index}");
            }

            Counts.ConfChanges++;
            Counts.JointConfigurations += Core!.ApplyConfChange(entry.Index, change).IsJoint ? 1 : 0;
        }
        else if (entry.Data.Length > 0)
        {
            result = State.Apply(entry.Index, entry.Data);
        }

        Applied = entry.Index;
        _lastApplied = entry.Kind;
        host.ObserveState(this);
        if (_writes.Remove(entry.Index, out PendingWrite? write))
        {
            if (write.Term == entry.Term)
            {
                host.Complete(write.Client, write.Number, write.Operation, result);
            }
            else
            {
                host.Fail(write.Client, write.Number, write.Operation);
            }
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
