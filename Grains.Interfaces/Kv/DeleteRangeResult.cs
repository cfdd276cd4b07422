namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a <see cref="DeleteRangeRequest"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.DeleteRangeResult")]
public sealed class DeleteRangeResult : KvResult
{
    /// <summary>Number of keys removed (behaviour 61).</summary>
    [Id(0)] public long Deleted { get; init; }

    /// <summary>The removed keys in key order, when asked for (behaviour 62).</summary>
    [Id(1)] public IReadOnlyList<KeyValue> PrevKvs { get; init; } = [];
}
