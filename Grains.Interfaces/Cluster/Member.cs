namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>A member of the cluster (etcdserverpb.Member; behaviours 236-240).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.Member")]
public sealed record Member(
    [property: Id(0)] ulong Id,
    [property: Id(1)] string Name,
    [property: Id(2)] IReadOnlyList<string> PeerUrls,
    [property: Id(3)] IReadOnlyList<string> ClientUrls,
    [property: Id(4)] bool IsLearner);
