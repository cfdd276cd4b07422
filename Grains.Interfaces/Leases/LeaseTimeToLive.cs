namespace Krewe.Grains.Interfaces.Leases;

/// <summary>Remaining time of a lease (behaviours 181, 182).</summary>
/// <param name="Id">The lease asked for.</param>
/// <param name="TtlSeconds">Whole seconds left, rounded down; -1 for an unknown lease.</param>
/// <param name="GrantedTtlSeconds">What was granted; 0 for an unknown lease.</param>
/// <param name="Keys">Attached keys when asked for, in no particular order.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.LeaseTimeToLive")]
public sealed record LeaseTimeToLive(
    [property: Id(0)] long Id,
    [property: Id(1)] long TtlSeconds,
    [property: Id(2)] long GrantedTtlSeconds,
    [property: Id(3)] IReadOnlyList<ReadOnlyMemory<byte>> Keys);
