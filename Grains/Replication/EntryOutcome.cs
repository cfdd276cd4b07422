namespace Krewe.Grains.Replication;

/// <summary>What became of an appended entry, with the module's answer for module commands.</summary>
public readonly record struct EntryOutcome(EntryStatus Status, object? ModuleResult = null);
