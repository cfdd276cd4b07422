namespace Krewe.Raft.Core;

/// <summary>What a node finds on its stable storage when it starts.</summary>
public sealed record RaftInitialState
{
    public HardState HardState { get; init; }

    /// <summary>The configuration as of <see cref="AppliedIndex"/>.</summary>
    public ConfState ConfState { get; init; } = ConfState.Empty;

    /// <summary>Compaction point: the last index that is no longer in the log (0 for a whole log) ...</summary>
    public ulong SnapshotIndex { get; init; }

    /// <summary>... and its term.</summary>
    public ulong SnapshotTerm { get; init; }

    /// <summary>Last index of the stable log; at least <see cref="SnapshotIndex"/>.</summary>
    public ulong LastIndex { get; init; }

    /// <summary>What the state machine contains; at least <see cref="SnapshotIndex"/>.</summary>
    public ulong AppliedIndex { get; init; }

    /// <summary>The end of the log, to be cached; may be empty, otherwise ends at <see cref="LastIndex"/>.</summary>
    public ReadOnlyMemory<Entry> RecentEntries { get; init; }
}
