namespace Krewe.Grains.Maintenance;

/// <summary>When to compact without being asked (--auto-compaction-mode, --auto-compaction-retention).</summary>
/// <param name="Period">Periodic mode: history to keep; null or zero for off.</param>
/// <param name="Revisions">Revision mode: revisions to keep; null or zero for off.</param>
public sealed record AutoCompactionOptions(TimeSpan? Period, long? Revisions);
