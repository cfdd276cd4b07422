namespace Krewe.Grains.Leases;

/// <summary>Bounds of leases.</summary>
public static class LeaseLimits
{
    /// <summary>Largest TTL that may be granted, in seconds (behaviour 162).</summary>
    public const long MaxTtlSeconds = 9_000_000_000;

    /// <summary>How often expired leases are looked for (behaviour 164).</summary>
    public const int ExpiryPassMilliseconds = 500;

    /// <summary>Most leases revoked in one pass, so 1,000 a second (behaviour 168).</summary>
    public const int MaxRevokesPerPass = ExpiryPassMilliseconds;

    /// <summary>How often the remaining time of a lease is replicated, if it is (behaviour 179).</summary>
    public static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(5);

    /// <summary>Most remaining times in one log entry.</summary>
    public const int MaxCheckpointsPerEntry = 1_000;

    /// <summary>Most such entries in one pass.</summary>
    public const int MaxCheckpointEntriesPerPass = 8;

    /// <summary>
    /// The smallest TTL: one and a half election timeouts, in whole seconds (behaviour 161).
    /// </summary>
    public static long MinTtlSeconds(int electionTimeoutMilliseconds) => ((3L * electionTimeoutMilliseconds / 2) + 999) / 1000;
}
