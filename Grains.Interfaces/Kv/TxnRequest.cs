namespace Krewe.Grains.Interfaces.Kv;

/// <summary>A guarded list of operations that takes effect in one revision (behaviours 67-96).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.TxnRequest")]
public sealed class TxnRequest : KvOperation
{
    [Id(0)] public IReadOnlyList<Compare> Compares { get; init; } = [];

    [Id(1)] public IReadOnlyList<KvOperation> Success { get; init; } = [];

    [Id(2)] public IReadOnlyList<KvOperation> Failure { get; init; } = [];
}
