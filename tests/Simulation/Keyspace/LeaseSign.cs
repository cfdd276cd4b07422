namespace Krewe.Simulation.Keyspace;

/// <summary>
/// A client was told that its lease lives (counted from <paramref name="From"/>, when it asked), or a leader found that it ran out.
/// </summary>
/// <param name="LeaseId">The lease.</param>
/// <param name="TtlSeconds">Its granted time.</param>
/// <param name="From">Virtual time.</param>
/// <param name="TickPeriod">Of the leader that speaks.</param>
/// <param name="Expiry">The revoke of a lease that ran out; null for a sign of life.</param>
internal readonly record struct LeaseSign(long LeaseId, long TtlSeconds, long From, long TickPeriod, KeyspaceOperation? Expiry);
