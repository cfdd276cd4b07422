using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>One outcome per operation of the batch, in order.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WriteBatchReply")]
public sealed record WriteBatchReply([property: Id(0)] IReadOnlyList<KvOutcome> Outcomes);
