namespace Krewe.Silo.Configuration.Options;

/// <summary>Raft's clock. One tick is one heartbeat interval.</summary>
public sealed record RaftTimingOptions
{
    /// <summary>The longest election timeout that etcd allows (behaviour 365).</summary>
    public const int MaxElectionTimeoutMilliseconds = 50_000;

    private const int LeastHeartbeatsInElectionTimeout = 5;

    /// <summary><c>--heartbeat-interval</c>.</summary>
    public required int HeartbeatIntervalMilliseconds { get; init; }

    /// <summary><c>--election-timeout</c>.</summary>
    public required int ElectionTimeoutMilliseconds { get; init; }

    /// <summary><c>--initial-election-tick-advance</c>.</summary>
    public required bool InitialElectionTickAdvance { get; init; }

    /// <summary><c>--pre-vote</c>.</summary>
    public required bool PreVote { get; init; }

    /// <summary>The election timeout in whole ticks.</summary>
    public int ElectionTimeoutTicks => ElectionTimeoutMilliseconds / HeartbeatIntervalMilliseconds;

    /// <summary>What is wrong with these options, or null (behaviour 365).</summary>
    public string? Validate()
    {
        if (HeartbeatIntervalMilliseconds <= 0)
        {
            return $"--heartbeat-interval must be >0 (set to {HeartbeatIntervalMilliseconds}ms)";
        }

        if (ElectionTimeoutMilliseconds <= 0)
        {
            return $"--election-timeout must be >0 (set to {ElectionTimeoutMilliseconds}ms)";
        }

        if ((long)LeastHeartbeatsInElectionTimeout * HeartbeatIntervalMilliseconds > ElectionTimeoutMilliseconds)
        {
            return $"--election-timeout[{ElectionTimeoutMilliseconds}ms] should be at least as 5 times as "
                + $"--heartbeat-interval[{HeartbeatIntervalMilliseconds}ms]";
        }

        return ElectionTimeoutMilliseconds > MaxElectionTimeoutMilliseconds
            ? $"--election-timeout[{ElectionTimeoutMilliseconds}ms] is too long, "
                + $"and should be set less than {MaxElectionTimeoutMilliseconds}ms"
            : null;
    }
}
