using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Placement;
using Krewe.Silo.Clustering;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

[GrainType(PrefixGrainKey.GrainType)]
[GrainDirectory(RaftClusteringOptions.DirectoryName)]
[LeaderPlacement]
[Reentrant]
[KeepAlive]
[Immovable]
internal sealed class LeaderProbeGrain(ILocalSiloDetails silo) : Grain, ILeaderProbeGrain
{
    public Task<SiloAddress> GetSiloAsync() => Task.FromResult(silo.SiloAddress);

    public Task<Guid> GetActivationAsync() => Task.FromResult(ActivationGuid.From(GrainContext.ActivationId));

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
