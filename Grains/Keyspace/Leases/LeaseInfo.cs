namespace Krewe.Grains.Keyspace.Leases;

/// <summary>A lease as the replicated state knows it. When it expires is the leader's business.</summary>
/// <param name="Id">The lease.</param>
/// <param name="TtlSeconds">Granted time to live.</param>
/// <param name="RemainingSeconds">From the last checkpoint; 0 if there is none.</param>
public readonly record struct LeaseInfo(long Id, long TtlSeconds, long RemainingSeconds);
