using Krewe.Raft.Core;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Nodes;

/// <summary>
/// A disk under a log file: writes are queued in order, a sync makes what was queued when it began durable, a crash keeps the durable part and
/// any prefix of the rest, record by record.
/// </summary>
internal sealed partial class SimDisk(SeededBug bug, SimWal? wal = null) : ILogReader
{
    private readonly List<Entry> _entries = [];
    private readonly Queue<DiskWrite> _queued = new();

    /// <summary>What the durable state is.</summary>
    public HardState HardState { get; private set; }

    /// <summary>The state machine's checkpoint.</summary>
    public SimSnapshot Checkpoint { get; private set; } = new(0, 0, ConfState.Empty, null, 0);

    public ulong CompactIndex { get; private set; }

    public ulong CompactTerm { get; private set; }

    public ulong LastIndex => CompactIndex + (ulong)_entries.Count;

    public bool Syncing { get; set; }

    public IReadOnlyCollection<DiskWrite> Queued => _queued;

    public bool Contains(ulong index, ulong term) => index <= CompactIndex || (index <= LastIndex && Term(index) == term);

    public ulong Term(ulong index) => index == CompactIndex ? CompactTerm : At(index).Term;

    public ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes)
    {
        var result = new List<Entry>();
        long bytes = 0;
        for (ulong i = from; i < toExclusive; i++)
        {
            Entry entry = At(i);
            bytes += entry.Data.Length;
            if (bytes > maxBytes && result.Count > 0)
            {
                break;
            }

            result.Add(entry);
        }

        return result.ToArray();
    }

    /// <summary>The last <paramref name="count"/> entries.</summary>
    public Entry[] Tail(int count) => [.. _entries.Skip(_entries.Count - count)];

    public void Queue(DiskWrite write) => _queued.Enqueue(write);

    public DiskWrite CompleteNext()
    {
        DiskWrite write = _queued.Dequeue();
        foreach (Action record in Records(write))
        {
            record();
        }

        wal?.Append(write, static () => { });
        if (bug != SeededBug.LogWithoutSync)
        {
            wal?.Sync();
        }

        return write;
    }

    /// <summary>Loses what is not durable, except for a prefix.</summary>
    public void Crash(SimRandom random)
    {
        if (wal is not null)
        {
            LosePower(random);
            return;
        }

        var records = new List<Action>();
        foreach (DiskWrite write in _queued)
        {
            records.AddRange(Records(write));
        }

        int survive = random.Chance(0.4) ? 0 : random.Below(records.Count + 1);
        for (int i = 0; i < survive; i++)
        {
            records[i]();
        }

        _queued.Clear();
        Syncing = false;
        if (bug == SeededBug.ForgetVoteAtRestart)
        {
            HardState = HardState with { Vote = 0 };
        }
    }

    /// <summary>A checkpoint of the node's own state machine, durable at once, and the log behind it dropped up to a point.</summary>
    public void Compact(SimSnapshot checkpoint, ulong compactTo)
    {
        Checkpoint = checkpoint;
        if (compactTo > CompactIndex)
        {
            ulong term = Term(compactTo);
            _entries.RemoveRange(0, (int)(compactTo - CompactIndex));
            (CompactIndex, CompactTerm) = (compactTo, term);
            wal?.Release(compactTo, term);
        }
    }

    /// <summary>A member that is there from the beginning.</summary>
    public void Bootstrap(SimSnapshot checkpoint)
    {
        Checkpoint = checkpoint;
        (CompactIndex, CompactTerm) = (checkpoint.Index, checkpoint.Term);
        HardState = new HardState(checkpoint.Term, 0, checkpoint.Index);
        wal?.Bootstrap(checkpoint, HardState);
    }

    private IEnumerable<Action> Records(DiskWrite write)
    {
        if (write.HardState is { } hardState && bug != SeededBug.EntriesBeforeHardState)
        {
            yield return () => HardState = hardState;
        }

        if (write.Snapshot is { } snapshot)
        {
            yield return () => Install(snapshot);
        }

        foreach (Entry entry in write.Entries)
        {
            yield return () => Put(entry);
        }

        if (write.HardState is { } late && bug == SeededBug.EntriesBeforeHardState)
        {
            yield return () => HardState = late;
        }
    }

    private void Install(SimSnapshot snapshot)
    {
        Checkpoint = snapshot;
        _entries.Clear();
        (CompactIndex, CompactTerm) = (snapshot.Index, snapshot.Term);
    }

    private void Put(Entry entry)
    {
        int at = (int)(entry.Index - CompactIndex - 1);
        if (at < 0 || at > _entries.Count)
        {
            throw new SimulationException($"entry {entry.Index} leaves a gap in the log [{CompactIndex}, {LastIndex}]");
        }

        if (at < _entries.Count)
        {
            if (bug == SeededBug.KeepTruncatedTail)
            {
                _entries[at] = entry;
                return;
            }

            _entries.RemoveRange(at, _entries.Count - at);
        }

        _entries.Add(entry);
    }

    private Entry At(ulong index) => _entries[(int)(index - CompactIndex - 1)];
}
