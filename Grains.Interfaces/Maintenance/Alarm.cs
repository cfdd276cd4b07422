namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>An active alarm of a member.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.Alarm")]
public readonly record struct Alarm([property: Id(0)] ulong MemberId, [property: Id(1)] AlarmType Type);
