using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>One outcome per operation of the batch, in order.</summary>
/// <param name="Outcomes">The outcomes.</param>
/// <param name="Index">
/// Index of the batch's entry in the log. The caller's member applies it before it answers its clients (behaviour 358).
/// </param>
/// <param name="Term">Term of that entry.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WriteBatchReply")]
public sealed record WriteBatchReply(
    [property: Id(0)] IReadOnlyList<KvOutcome> Outcomes,
    [property: Id(1)] ulong Index,
    [property: Id(2)] ulong Term)
{
    /// <summary>What the grain call answers when the reply proper is in <see cref="WriteBatch.Local"/>.</summary>
    public static readonly WriteBatchReply Appended = new(Array.Empty<KvOutcome>(), 0, 0);
}
