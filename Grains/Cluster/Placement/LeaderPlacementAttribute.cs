using Orleans.Placement;

namespace Krewe.Grains.Cluster.Placement;

/// <summary>
/// Marks grains that live on the Raft leader's silo. Use it with <c>[GrainDirectory("raft")]</c>: the first entry of a new
/// term voids their registrations there, and they are activated again beside the new leader (design, section 4).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LeaderPlacementAttribute : PlacementAttribute
{
    public LeaderPlacementAttribute()
        : base(LeaderPlacement.Singleton)
    {
    }
}
