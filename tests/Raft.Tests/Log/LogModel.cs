using Krewe.Raft.Core;
using Krewe.Raft.Log;

namespace Krewe.Raft.Tests.Log;

/// <summary>What a log should hold, kept as plainly as possible. Immutable: one instance per append.</summary>
internal sealed record LogModel
{
    internal ulong BaseIndex { get; private init; }

    internal ulong BaseTerm { get; private init; }

    internal Entry[] Entries { get; private init; } = [];

    internal HardState HardState { get; private init; }

    internal SnapshotMarker? LastSnapshot { get; private init; }

    internal ulong LastIndex => BaseIndex + (ulong)Entries.Length;

    internal ulong LastTerm => Entries.Length == 0 ? BaseTerm : Entries[^1].Term;

    internal LogModel Append(Entry[] entries, HardState? state) => this with
    {
        Entries = entries.Length == 0 ? Entries : [.. Entries.Take((int)(entries[0].Index - 1 - BaseIndex)), .. entries],
        HardState = state ?? HardState,
    };

    internal LogModel Snapshot(SnapshotMarker marker, bool resets) => resets
        ? this with { BaseIndex = marker.Index, BaseTerm = marker.Term, Entries = [], LastSnapshot = marker }
        : this with { LastSnapshot = marker };

    /// <summary>Whether the log holds this, except for a beginning that may have been released.</summary>
    internal bool Matches(WriteAheadLog log)
    {
        if (log.LastIndex != LastIndex || log.HardState != HardState || log.FirstIndex <= BaseIndex || !SameSnapshot(log.Opened.Snapshot))
        {
            return false;
        }

        var expected = Entries.Where(e => e.Index >= log.FirstIndex).Select(Wal.Text);
        return expected.SequenceEqual(Wal.ReadAll(log).Select(Wal.Text)) && log.Term(log.FirstIndex - 1) == TermOf(log.FirstIndex - 1);
    }

    private ulong TermOf(ulong index) => index == BaseIndex ? BaseTerm : Entries[(int)(index - BaseIndex) - 1].Term;

    private bool SameSnapshot(SnapshotMarker? other) => (LastSnapshot, other) switch
    {
        (null, null) => true,
        ({ } a, { } b) => a.Index == b.Index && a.Term == b.Term && a.ConfState.Span.SequenceEqual(b.ConfState.Span),
        _ => false,
    };
}
