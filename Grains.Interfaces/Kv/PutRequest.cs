namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Writes one key (behaviours 55-60).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.PutRequest")]
public sealed class PutRequest : KvOperation
{
    [Id(0)] public ReadOnlyMemory<byte> Key { get; init; }

    [Id(1)] public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Lease to attach, 0 for none.</summary>
    [Id(2)] public long Lease { get; init; }

    [Id(3)] public bool PrevKv { get; init; }

    [Id(4)] public bool IgnoreValue { get; init; }

    [Id(5)] public bool IgnoreLease { get; init; }
}
