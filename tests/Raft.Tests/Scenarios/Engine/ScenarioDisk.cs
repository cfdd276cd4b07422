using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Scenarios.Engine;

/// <summary>A log in memory that knows what of it is durable.</summary>
internal sealed class ScenarioDisk : ILogReader
{
    private readonly List<Entry> _entries = [];

    public HardState HardState { get; set; }

    public SnapshotMetadata Snapshot { get; private set; } = new(0, 0, ConfState.Empty, default);

    public ulong CompactIndex { get; private set; }

    public ulong CompactTerm { get; private set; }

    public ulong LastIndex => CompactIndex + (ulong)_entries.Count;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Indexes that the core asked for, to see what it no longer caches.</summary>
    public List<ulong> Reads { get; } = [];

    public ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes)
    {
        Reads.Add(from);
        var result = new List<Entry>();
        long bytes = 0;
        for (ulong i = from; i < toExclusive; i++)
        {
            Entry entry = _entries[(int)(i - CompactIndex - 1)];
            bytes += entry.Data.Length;
            if (bytes > maxBytes && result.Count > 0)
            {
                break;
            }

            result.Add(entry);
        }

        return result.ToArray();
    }

    public ulong Term(ulong index) => index == CompactIndex ? CompactTerm : _entries[(int)(index - CompactIndex - 1)].Term;

    public void Install(SnapshotMetadata snapshot)
    {
        Snapshot = snapshot;
        _entries.Clear();
        (CompactIndex, CompactTerm) = (snapshot.Index, snapshot.Term);
    }

    public void Put(in Entry entry)
    {
        int at = (int)(entry.Index - CompactIndex - 1);
        _entries.RemoveRange(at, _entries.Count - at);
        _entries.Add(entry);
    }

    public void Compact(SnapshotMetadata snapshot, ulong index)
    {
        Snapshot = snapshot;
        ulong term = Term(index);
        _entries.RemoveRange(0, (int)(index - CompactIndex));
        (CompactIndex, CompactTerm) = (index, term);
    }
}
