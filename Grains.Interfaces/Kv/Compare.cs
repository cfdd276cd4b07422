namespace Krewe.Grains.Interfaces.Kv;

/// <summary>One guard of a transaction (behaviours 88-91).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.Compare")]
public sealed class Compare
{
    [Id(0)] public CompareResult Result { get; init; }

    [Id(1)] public CompareTarget Target { get; init; }

    [Id(2)] public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>As <see cref="RangeRequest.RangeEnd"/>: every key of the interval must satisfy the compare (behaviour 91).</summary>
    [Id(3)] public ReadOnlyMemory<byte> RangeEnd { get; init; }

    /// <summary>Given number for the targets Version, Create, Mod and Lease; 0 when the union is missing or of another kind (behaviour 90).</summary>
    [Id(4)] public long Number { get; init; }

    /// <summary>Given bytes for the target Value; empty when the union is missing or of another kind.</summary>
    [Id(5)] public ReadOnlyMemory<byte> Value { get; init; }
}
