namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Deletes one key or an interval of keys in one revision (behaviours 3, 6, 61-63).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.DeleteRangeRequest")]
public sealed class DeleteRangeRequest : KvOperation
{
    [Id(0)] public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>As <see cref="RangeRequest.RangeEnd"/>.</summary>
    [Id(1)] public ReadOnlyMemory<byte> RangeEnd { get; init; }

    [Id(2)] public bool PrevKv { get; init; }
}
