namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>What Status tells of this member's store (behaviours 258-260).</summary>
/// <param name="SizeBytes">Allocated on disk.</param>
/// <param name="SizeInUseBytes">Of that, holding live data.</param>
/// <param name="QuotaBytes">The quota in force; 2 GiB when the flag is 0.</param>
/// <param name="Alarms">Active alarms.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.StorageStatus")]
public sealed record StorageStatus(
    [property: Id(0)] long SizeBytes,
    [property: Id(1)] long SizeInUseBytes,
    [property: Id(2)] long QuotaBytes,
    [property: Id(3)] IReadOnlyList<Alarm> Alarms);
