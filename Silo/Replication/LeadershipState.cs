namespace Krewe.Silo.Replication;

/// <summary>Leadership as one member sees it.</summary>
/// <param name="Term">The member's term.</param>
/// <param name="LeaderId">0 when no leader is known.</param>
/// <param name="IsLeader">Whether this member leads.</param>
/// <param name="IsReady">Whether it has, besides, applied the first entry of its own term.</param>
internal sealed record LeadershipState(ulong Term, ulong LeaderId, bool IsLeader, bool IsReady);
