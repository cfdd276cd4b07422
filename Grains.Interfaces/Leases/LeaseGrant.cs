namespace Krewe.Grains.Interfaces.Leases;

/// <summary>A granted lease.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.LeaseGrant")]
public readonly record struct LeaseGrant([property: Id(0)] long Id, [property: Id(1)] long TtlSeconds);
