namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>Who may write a prefix: the ownership fence's token.</summary>
/// <param name="Prefix">The registered prefix; empty for the root.</param>
/// <param name="ActivationId">The activation that the directory must name as the owner.</param>
/// <param name="Term">The Raft term in which it was activated.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.PrefixOwner")]
public readonly record struct PrefixOwner(
    [property: Id(0)] ReadOnlyMemory<byte> Prefix,
    [property: Id(1)] Guid ActivationId,
    [property: Id(2)] ulong Term);
