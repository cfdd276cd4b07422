using Krewe.Silo.Clustering;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Krewe.Silo.Streams;

/// <summary>
/// Places Orleans' rendezvous grains where they are first asked for. Its pulling agent is the first to ask for that of a silo's own stream, so
/// the grain lives and dies on that silo. Found through the replicated directory: Orleans' own hands entries over when a silo joins, and a silo that
/// asks before it got them would make a second rendezvous, of which the agent never hears.
/// </summary>
internal sealed class LocalPubSubPlacement : IGrainPropertiesProvider
{
    private static readonly GrainType Rendezvous = GrainType.Create("pubsubrendezvous");

    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainType.Equals(Rendezvous))
        {
            PreferLocalPlacement strategy = new();
            properties[WellKnownGrainTypeProperties.PlacementStrategy] = strategy.GetType().Name;
            properties[WellKnownGrainTypeProperties.GrainDirectory] = RaftClusteringOptions.DirectoryName;
        }
    }
}
