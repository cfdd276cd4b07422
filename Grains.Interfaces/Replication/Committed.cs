namespace Krewe.Grains.Interfaces.Replication;

/// <summary>
/// An answer of the leader's grains together with the log index that holds what it speaks of: the caller's member answers its client
/// once it has applied that much itself (behaviour 358).
/// </summary>
/// <param name="Value">The answer.</param>
/// <param name="Index">Index of the entry.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.Committed`1")]
public readonly record struct Committed<T>([property: Id(0)] T Value, [property: Id(1)] ulong Index);
