using Krewe.Raft.Core;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Nodes;

/// <content>A crash with the real write-ahead log: what it recovers must be a state that was written.</content>
internal sealed partial class SimDisk
{
    private readonly record struct Written(HardState HardState, SimSnapshot Checkpoint, ulong CompactIndex, ulong CompactTerm, Entry[] Entries);

    public int TornTails => wal?.TornTails ?? 0;

    private void LosePower(SimRandom random)
    {
        // What was being written when the power failed was written in part: some whole batches, and the log tears the last one itself.
        List<Written> possible = [Present()];
        int reached = random.Chance(0.3) ? 0 : random.Below(_queued.Count + 1);
        foreach (DiskWrite write in _queued.Take(reached))
        {
            bool isFirst = write.Snapshot is not null;
            wal!.Append(write, () =>
            {
                Replay(isFirst ? write with { Entries = [] } : write with { Snapshot = null, HardState = write.Snapshot is null ? write.HardState : null });
                isFirst = false;
                possible.Add(Present());
            });
        }

        _queued.Clear();
        Syncing = false;
        wal!.LosePower(random);
        Recover(possible);
    }

    private void Replay(DiskWrite batch)
    {
        foreach (Action record in Records(batch))
        {
            record();
        }
    }

    private Written Present() => new(HardState, Checkpoint, CompactIndex, CompactTerm, [.. _entries]);

    private void Recover(List<Written> possible)
    {
        foreach (Written written in possible)
        {
            if (wal!.Log.HardState == written.HardState && Matches(written))
            {
                (HardState, Checkpoint, CompactIndex, CompactTerm) = (written.HardState, written.Checkpoint, written.CompactIndex, written.CompactTerm);
                _entries.Clear();
                _entries.AddRange(written.Entries);
                return;
            }
        }

        throw new SimulationException(
            $"the log recovered {wal!.Log.HardState} [{wal.Log.FirstIndex}, {wal.Log.LastIndex}], and durable was "
            + $"{possible[0].HardState} ({possible[0].CompactIndex}, {possible[0].CompactIndex + (ulong)possible[0].Entries.Length}]");
    }

    private bool Matches(in Written written)
    {
        ulong last = written.CompactIndex + (ulong)written.Entries.Length;
        if (wal!.Log.LastIndex != last || wal.Log.FirstIndex > written.CompactIndex + 1)
        {
            return false;
        }

        List<Entry> entries = wal.ReadBehind(written.CompactIndex);
        for (int i = 0; i < entries.Count; i++)
        {
            Entry wanted = written.Entries[i];
            bool same = entries[i] with { Data = wanted.Data } == wanted && entries[i].Data.Span.SequenceEqual(wanted.Data.Span);
            if (!same)
            {
                return false;
            }
        }

        return true;
    }
}
