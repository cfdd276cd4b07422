using Krewe.Silo.Clustering;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

[GrainDirectory(RaftClusteringOptions.DirectoryName)]
public sealed class TallyGrain(ILocalSiloDetails silo) : Grain, ITallyGrain
{
    private int _total;

    public Task<int> AddAsync(int amount) => Task.FromResult(_total += amount);

    public Task<SiloAddress> GetSiloAsync() => Task.FromResult(silo.SiloAddress);
}
