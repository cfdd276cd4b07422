using System.Collections.Concurrent;
using Krewe.Grains.Cluster.Placement;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>Knows which grain types are placed with the leader, so that their registrations end with the term.</summary>
internal sealed class LeaderBoundGrains
{
    private readonly IServiceProvider _services;
    private readonly ConcurrentDictionary<GrainType, bool> _known = new();

    // Resolved late: the manifest needs services that need the directory.
    public LeaderBoundGrains(IServiceProvider services) => _services = services;

    public bool Contains(GrainType type) => _known.GetOrAdd(type, Find);

    private bool Find(GrainType type)
    {
        GrainManifest manifest = _services.GetRequiredService<IClusterManifestProvider>().LocalGrainManifest;
        return manifest.Grains.TryGetValue(type, out GrainProperties? properties)
            && properties.Properties.TryGetValue(WellKnownGrainTypeProperties.PlacementStrategy, out string? strategy)
            && strategy == nameof(LeaderPlacement);
    }
}
