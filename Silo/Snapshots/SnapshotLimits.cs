namespace Krewe.Silo.Snapshots;

/// <summary>The bounds of making, sending and receiving snapshots.</summary>
internal sealed record SnapshotLimits
{
    /// <summary>Longest piece of a file that is asked for and sent at once.</summary>
    public int ChunkBytes { get; init; } = 256 << 10;

    /// <summary>Pieces that are asked for and not yet received: what one transfer may have on the wire, so that the other lanes get their turn.</summary>
    public int MaxInflightChunks { get; init; } = 4;

    /// <summary>Rate of all transfers from this member together.</summary>
    public long MaxBytesPerSecond { get; init; } = 64L << 20;

    /// <summary>A file that is received is synced each time it grew by so much, so that no sync has much to do: the log's syncs share the disk.</summary>
    public long SyncEveryBytes { get; init; } = 4L << 20;

    /// <summary>Transfers from this member at once; others wait.</summary>
    public int MaxTransfers { get; init; } = 2;

    /// <summary>Checkpoints that exist at once.</summary>
    public int MaxCheckpoints { get; init; } = 2;

    /// <summary>How often one file is fetched before the transfer is given up because of its checksum.</summary>
    public int MaxFileAttempts { get; init; } = 3;

    /// <summary>How long either side waits for the other's next frame.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause after a failed transfer before the core hears of it and may begin anew.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a checkpoint is kept that nobody fetches.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the log is kept for a member that got a snapshot, at most, until it has caught up with the log.</summary>
    public TimeSpan CatchUpTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Entries that are kept in the log for members that get snapshots, at most; beyond, they get another one.</summary>
    public ulong MaxHeldEntries { get; init; } = 1_000_000;
}
