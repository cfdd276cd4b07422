namespace Krewe.Grains.Leases;

/// <summary>Bounds of leases that follow from the configuration.</summary>
/// <param name="MinTtlSeconds">Smallest TTL that is granted (behaviours 160, 161).</param>
/// <param name="ElectionTimeoutMilliseconds">Added to every lease's time when leadership changes (behaviour 178).</param>
public sealed record LeaseOptions(long MinTtlSeconds, int ElectionTimeoutMilliseconds)
{
    /// <summary>The bounds that go with an election timeout.</summary>
    public static LeaseOptions For(int electionTimeoutMilliseconds) =>
        new(LeaseLimits.MinTtlSeconds(electionTimeoutMilliseconds), electionTimeoutMilliseconds);
}
