namespace Krewe.Grains.Leases;

/// <summary>When one lease runs out, in milliseconds of the monotonic clock. Known to the leader only.</summary>
internal sealed class LeaseClock(long id, long ttlSeconds, long deadlineMilliseconds)
{
    public long Id { get; } = id;

    /// <summary>Granted time to live.</summary>
    public long TtlSeconds { get; } = ttlSeconds;

    public long DeadlineMilliseconds { get; set; } = deadlineMilliseconds;

    /// <summary>Its revoke is on the way; renewals wait for the outcome (behaviour 172).</summary>
    public bool IsExpiring { get; set; }

    /// <summary>When its remaining time is due to be replicated; only as good as <see cref="IsCheckpointQueued"/>.</summary>
    public long CheckpointDueMilliseconds { get; set; }

    public bool IsCheckpointQueued { get; set; }

    /// <summary>Number of the checkpoint that the log holds, or may hold soon; 0 if it holds none.</summary>
    public long Checkpoint { get; set; }

    /// <summary>The lease is gone; the wheel drops the clock when it next meets it.</summary>
    public bool IsRemoved { get; set; }
}
