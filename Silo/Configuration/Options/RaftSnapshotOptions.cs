namespace Krewe.Silo.Configuration.Options;

/// <summary>When Raft snapshots are taken.</summary>
public sealed record RaftSnapshotOptions
{
    /// <summary>What <c>--snapshot-count=0</c> stands for.</summary>
    public const ulong DefaultSnapshotCountEntries = 10_000;

    /// <summary><c>--snapshot-count</c>: applied entries between two snapshots; at least 1.</summary>
    public required ulong SnapshotCountEntries { get; init; }

    /// <summary><c>--snapshot-catchup-entries</c>: entries kept behind a snapshot for followers that lag.</summary>
    public required ulong CatchupEntries { get; init; }
}
