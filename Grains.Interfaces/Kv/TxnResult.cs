namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a <see cref="TxnRequest"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.TxnResult")]
public sealed class TxnResult : KvResult
{
    [Id(0)] public bool Succeeded { get; init; }

    /// <summary>One per executed operation, in order (behaviour 68).</summary>
    [Id(1)] public IReadOnlyList<KvResult> Responses { get; init; } = [];
}
