namespace Krewe.Grains.Cluster.Placement;

/// <summary>Places a grain on the silo of the member that leads the Raft group.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.LeaderPlacement")]
public sealed class LeaderPlacement : PlacementStrategy
{
    internal static LeaderPlacement Singleton { get; } = new();
}
