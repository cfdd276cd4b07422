namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>A membership change that is in force.</summary>
/// <param name="Index">Log index of the change.</param>
/// <param name="Member">The member that was added; null for other changes.</param>
/// <param name="Members">All members after the change, sorted by ID.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.MemberChanged")]
public sealed record MemberChanged(
    [property: Id(0)] ulong Index, [property: Id(1)] Member? Member, [property: Id(2)] IReadOnlyList<Member> Members);
