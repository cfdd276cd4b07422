using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>One outcome per operation of the batch, in order.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WriteBatchReply")]
public sealed record WriteBatchReply([property: Id(0)] IReadOnlyList<KvOutcome> Outcomes)
{
    /// <summary>What the grain call answers when the reply proper is in <see cref="WriteBatch.Local"/>.</summary>
    public static readonly WriteBatchReply Appended = new([]);
}
