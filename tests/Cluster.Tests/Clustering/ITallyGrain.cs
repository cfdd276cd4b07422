using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

/// <summary>A grain of an application that knows nothing of etcd.</summary>
public interface ITallyGrain : IGrainWithStringKey
{
    Task<int> AddAsync(int amount);

    Task<SiloAddress> GetSiloAsync();
}
