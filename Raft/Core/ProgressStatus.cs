namespace Krewe.Raft.Core;

/// <summary>The leader's view of one member, for status pages and metrics.</summary>
public readonly record struct ProgressStatus(
    ulong Id, bool IsLearner, ProgressState State, ulong Match, ulong Next, ulong PendingSnapshot, bool RecentActive, int InflightMessages);
