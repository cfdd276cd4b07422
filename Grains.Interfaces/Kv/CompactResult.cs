namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a compaction (behaviours 97-101).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.CompactResult")]
public sealed class CompactResult : KvResult;
