using System.Runtime.InteropServices;

namespace Krewe.Raft.Core;

/// <summary>
/// The log as the core sees it: [<see cref="FirstIndex"/>, <see cref="LastIndex"/>], its end in memory, the rest behind
/// <see cref="ILogReader"/>; with the marks of what is handed to storage, stable, committed, handed to apply and applied.
/// </summary>
internal sealed class RaftLog
{
    private readonly EntryCache _cache = new();
    private readonly ILogReader _reader;
    private readonly RaftOptions _options;
    private readonly List<UndurableAppend> _undurable = [];

    public RaftLog(RaftOptions options, RaftInitialState state, ILogReader reader)
    {
        Invariant.Check(state.LastIndex >= state.SnapshotIndex, "the log ends before its compaction point");
        Invariant.Check(state.AppliedIndex >= state.SnapshotIndex, "the state machine is behind the log's first entry");
        _options = options;
        _reader = reader;
        SnapshotIndex = state.SnapshotIndex;
        SnapshotTerm = state.SnapshotTerm;
        StableIndex = HandedOut = state.LastIndex;
        _cache.Reset(state.LastIndex + 1);
        LoadRecent(state.RecentEntries.Span, state.LastIndex);

        Committed = Math.Max(state.HardState.Commit, state.AppliedIndex);
        Invariant.Check(Committed <= LastIndex, "the log ends before what is committed: it lost entries");
        Applied = Applying = state.AppliedIndex;
        LastTerm = Term(LastIndex);
        Committed = Math.Max(Committed, ImpliedCommit());
    }

    public ulong SnapshotIndex { get; private set; }

    public ulong SnapshotTerm { get; private set; }

    public ulong FirstIndex => SnapshotIndex + 1;

    public ulong LastIndex => _cache.Next - 1;

    public ulong LastTerm { get; private set; }

    /// <summary>Durable up to here, and no write is under way that would change it.</summary>
    public ulong StableIndex { get; private set; }

    /// <summary>Given to a Ready for storage up to here.</summary>
    public ulong HandedOut { get; private set; }

    public ulong Committed { get; private set; }

    public ulong Applying { get; private set; }

    public ulong Applied { get; private set; }

    /// <summary>Payload of stable, committed entries that stay in memory.</summary>
    public long MaxCachedBytes { get; set; }

    public int UndurableCount => _undurable.Count;

    public ulong CachedEntries => _cache.Count;

    /// <summary>The last committed index that may be applied: only what is stable here, so that the state never outruns the log.</summary>
    public ulong ApplicableIndex => Math.Min(Committed, StableIndex);

    public void Append(in Entry entry)
    {
        _cache.Append(entry);
        LastTerm = entry.Term;
    }

    public bool TryTerm(ulong index, out ulong term)
    {
        if (index < SnapshotIndex || index > LastIndex)
        {
            term = 0;
            return false;
        }

        term = Term(index);
        return true;
    }

    public ulong Term(ulong index)
    {
        if (_cache.Contains(index))
        {
            return _cache[index].Term;
        }

        if (index == SnapshotIndex)
        {
            return SnapshotTerm;
        }

        Invariant.Check(index > SnapshotIndex && index <= StableIndex, "term asked for an index outside the log");
        return _reader.Term(index);
    }

    public bool Matches(ulong index, ulong term) => TryTerm(index, out ulong ours) && ours == term;

    /// <summary>Raft paper section 5.4.1.</summary>
    public bool IsUpToDate(ulong index, ulong term) => term > LastTerm || (term == LastTerm && index >= LastIndex);

    /// <summary>
    /// Takes the entries after (<paramref name="prevIndex"/>, already matching), truncating what conflicts with them.
    /// Returns the last index that they cover.
    /// </summary>
    public ulong Merge(ulong prevIndex, ReadOnlySpan<Entry> entries)
    {
        int i = 0;
        while (i < entries.Length && Matches(entries[i].Index, entries[i].Term))
        {
            i++;
        }

        if (i < entries.Length && entries[i].Index <= LastIndex)
        {
            Truncate(entries[i].Index);
        }

        for (; i < entries.Length; i++)
        {
            Append(entries[i]);
        }

        return prevIndex + (ulong)entries.Length;
    }

    public bool CommitTo(ulong index)
    {
        if (index <= Committed)
        {
            return false;
        }

        Invariant.Check(index <= LastIndex, "told to commit entries that the log does not have: it lost what was acknowledged");
        Committed = index;
        return true;
    }

    /// <summary>
    /// Where the logs may agree: the last index up to <paramref name="index"/> whose term is at most <paramref name="term"/>, so
    /// that one probe passes a whole term (Raft paper section 5.3, end).
    /// </summary>
    public (ulong Index, ulong Term) FindConflict(ulong index, ulong term)
    {
        for (; index > 0; index--)
        {
            if (!TryTerm(index, out ulong ours))
            {
                return (index, 0);
            }

            if (ours <= term)
            {
                return (index, ours);
            }
        }

        return (0, 0);
    }

    /// <summary>Entries from <paramref name="from"/>, at least one; a slice of memory if they are in memory.</summary>
    public ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes)
    {
        Invariant.Check(from > SnapshotIndex && toExclusive <= LastIndex + 1 && from < toExclusive, "read outside the log");
        if (_cache.Contains(from))
        {
            return _cache.Slice(from, toExclusive, maxBytes);
        }

        ulong end = Math.Min(toExclusive, _cache.First);
        Invariant.Check(end - 1 <= StableIndex, "entries that are not stable must be in memory");
        ReadOnlyMemory<Entry> entries = _reader.Read(from, end, maxBytes);
        Invariant.Check(entries.Length > 0 && entries.Span[0].Index == from, "the log reader returned other entries");
        return entries;
    }

    /// <summary>Payload bytes in (<paramref name="after"/>, <paramref name="to"/>] as far as in memory.</summary>
    public long PayloadBytes(ulong after, ulong to)
    {
        long bytes = 0;
        for (ulong i = Math.Max(after + 1, _cache.First); i <= to; i++)
        {
            bytes += _cache[i].Data.Length;
        }

        return bytes;
    }

    /// <summary>Whether a membership change is committed and not applied.</summary>
    public bool HasUnappliedConfChange()
    {
        ulong next = Applied + 1;
        while (next <= Committed)
        {
            foreach (Entry entry in Read(next, Committed + 1, _options.MaxCommittedBytesPerReady).Span)
            {
                if (entry.Kind == EntryKind.ConfChange)
                {
                    return true;
                }

                next++;
            }
        }

        return false;
    }

    /// <summary>Moves the entries that storage has not seen into <paramref name="target"/>.</summary>
    public void HandOutUnstable(ReadyBuffer<Entry> target)
    {
        for (ulong i = HandedOut + 1; i <= LastIndex; i++)
        {
            target.Add(_cache[i]);
        }

        HandedOut = LastIndex;
    }

    public void HandOutCommitted(ReadyBuffer<Entry> target, int maxBytes)
    {
        long bytes = 0;
        while (Applying < ApplicableIndex)
        {
            foreach (Entry entry in Read(Applying + 1, ApplicableIndex + 1, maxBytes).Span)
            {
                bytes += entry.Data.Length;
                if (bytes > maxBytes && target.Count > 0)
                {
                    return;
                }

                target.Add(entry);
                Applying = entry.Index;
            }
        }
    }

    public void AppliedTo(ulong index)
    {
        Invariant.Check(index <= Applying, "applied more than was handed out");
        Applied = Math.Max(Applied, index);
        Evict();
    }

    /// <summary>Remembers that a Ready with storage work is under way.</summary>
    public void BeginAppend(ulong sequence, ulong selfVoteTerm) => _undurable.Add(new UndurableAppend(sequence, HandedOut, selfVoteTerm));

    /// <summary>The oldest storage work, if it is covered by <paramref name="sequence"/>, is durable.</summary>
    public bool TryEndAppend(ulong sequence, out UndurableAppend done)
    {
        done = _undurable.Count > 0 ? _undurable[0] : default;
        if (_undurable.Count == 0 || done.Sequence > sequence)
        {
            return false;
        }

        _undurable.RemoveAt(0);
        StableIndex = Math.Max(StableIndex, done.LastIndex);
        Evict();
        return true;
    }

    /// <summary>Replaces everything by a snapshot that is not durable yet.</summary>
    public void Restore(SnapshotMetadata snapshot)
    {
        ClampUndurable(0);
        SnapshotIndex = Committed = Applying = HandedOut = snapshot.Index;
        SnapshotTerm = LastTerm = snapshot.Term;
        StableIndex = 0;
        _cache.Reset(snapshot.Index + 1);
    }

    public void CompactTo(ulong index)
    {
        if (index <= SnapshotIndex)
        {
            return;
        }

        Invariant.Check(index <= Applied, "only applied entries may be compacted");
        Invariant.Check(index <= StableIndex, "only stable entries may be compacted");
        SnapshotTerm = Term(index);
        SnapshotIndex = index;
        _cache.EvictTo(index);
    }

    /// <summary>
    /// A membership change is only appended by a leader that has applied the one before it. So all but the last one in the log are committed,
    /// even if the stored commit index lags behind, and must be in force before this node may campaign.
    /// </summary>
    private ulong ImpliedCommit()
    {
        ulong last = 0;
        ulong lastButOne = 0;
        for (ulong next = Committed + 1; next <= LastIndex;)
        {
            foreach (ref readonly Entry entry in Read(next, LastIndex + 1, _options.MaxCommittedBytesPerReady).Span)
            {
                if (entry.Kind == EntryKind.ConfChange)
                {
                    (lastButOne, last) = (last, entry.Index);
                }

                next++;
            }
        }

        return lastButOne;
    }

    private void LoadRecent(ReadOnlySpan<Entry> entries, ulong lastIndex)
    {
        if (entries.Length == 0)
        {
            return;
        }

        Invariant.Check(entries[^1].Index == lastIndex, "the recent entries must end where the log ends");
        _cache.Reset(entries[0].Index);
        foreach (ref readonly Entry entry in entries)
        {
            _cache.Append(entry);
        }
    }

    private void Truncate(ulong index)
    {
        Invariant.Check(index > Committed, "told to overwrite committed entries");
        _cache.TruncateFrom(index);
        LastTerm = Term(index - 1);
        StableIndex = Math.Min(StableIndex, index - 1);
        HandedOut = Math.Min(HandedOut, index - 1);
        ClampUndurable(index - 1);
    }

    /// <summary>
    /// A write that is under way no longer vouches for entries that are replaced meanwhile, even if they are replaced
    /// by the same ones again later (an ABA problem that comparing terms would only half solve).
    /// </summary>
    private void ClampUndurable(ulong lastIndex)
    {
        foreach (ref UndurableAppend append in CollectionsMarshal.AsSpan(_undurable))
        {
            append = append with { LastIndex = Math.Min(append.LastIndex, lastIndex) };
        }
    }

    private void Evict()
    {
        // Whole blocks, so that the price is paid once in a while.
        if (_cache.Count > (ulong)_options.MaxCachedEntries + EntryCache.BlockEntries)
        {
            EvictTo(_cache.Next - 1 - (ulong)_options.MaxCachedEntries);
        }

        while (_cache.Bytes > MaxCachedBytes && EvictTo(_cache.First + EntryCache.BlockEntries - 1))
        {
        }
    }

    private bool EvictTo(ulong index)
    {
        ulong before = _cache.First;
        _cache.EvictTo(Math.Min(index, Math.Min(StableIndex, Committed)));
        return _cache.First > before;
    }
}
