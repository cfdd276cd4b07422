namespace Krewe.Grains.Keyspace.Leases;

/// <summary>Remaining time of a lease, replicated so that a new leader does not start it anew (behaviour 179).</summary>
/// <param name="Id">The lease.</param>
/// <param name="RemainingSeconds">0 to forget a checkpoint.</param>
public readonly record struct LeaseCheckpoint(long Id, long RemainingSeconds);
