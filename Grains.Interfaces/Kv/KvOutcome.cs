using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Interfaces.Kv;

/// <summary>A result or an error: one slot of a batch's reply.</summary>
/// <param name="Result">The answer; null exactly when <paramref name="Error"/> is set.</param>
/// <param name="Error">Why there is none.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.KvOutcome")]
public readonly record struct KvOutcome([property: Id(0)] KvResult? Result, [property: Id(1)] EtcdError Error);
