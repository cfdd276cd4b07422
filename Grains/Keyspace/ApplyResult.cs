namespace Krewe.Grains.Keyspace;

/// <summary>Outcome of one entry, for those who wait for it.</summary>
/// <param name="Index">Log index of the entry.</param>
/// <param name="Term">Term of the entry: tells a waiter whether it is the entry that it proposed.</param>
/// <param name="Status">Whether it took effect.</param>
/// <param name="ModuleResults">What modules answered, one per module command in order; null if the entry has none.</param>
public readonly record struct ApplyResult(ulong Index, ulong Term, ApplyStatus Status, IReadOnlyList<object?>? ModuleResults);
