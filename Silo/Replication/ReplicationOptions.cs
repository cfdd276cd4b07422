namespace Krewe.Silo.Replication;

/// <summary>How a member replicates.</summary>
public sealed record ReplicationOptions
{
    /// <summary>Length of a Raft tick: the heartbeat interval.</summary>
    public int TickMilliseconds { get; init; } = 100;

    /// <summary>Election timeout, a multiple of <see cref="TickMilliseconds"/>.</summary>
    public int ElectionTimeoutTicks { get; init; } = 10;

    public bool PreVote { get; init; } = true;

    /// <summary>Applied entries between two flushes of the store that let the log be shortened (--snapshot-count).</summary>
    public ulong SnapshotCount { get; init; } = 10_000;

    /// <summary>Entries that stay in the log for slow members after that (--snapshot-catchup-entries).</summary>
    public ulong SnapshotCatchUpEntries { get; init; } = 5_000;

    /// <summary>How long a request waits for consensus: 5 s and two election timeouts (behaviour 350).</summary>
    public TimeSpan RequestTimeout => TimeSpan.FromMilliseconds(5_000 + (2 * TickMilliseconds * ElectionTimeoutTicks));

    /// <summary>When a read index is asked for again that was not answered: two heartbeats, in which a leader confirms that it leads.</summary>
    public TimeSpan ReadIndexRetryInterval => TimeSpan.FromMilliseconds(
        Math.Min(2 * TickMilliseconds, ReadIndexRound.MaxRetryInterval.TotalMilliseconds));

    /// <summary>Pause between attempts to write while the disk is full.</summary>
    public TimeSpan DiskFullRetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time of applying a group of entries beyond which it is logged and counted (--warning-apply-duration).</summary>
    public TimeSpan SlowApply { get; init; } = TimeSpan.FromMilliseconds(100);
}
