using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

/// <summary>Stands for a prefix grain: placed with the leader, registered in the replicated directory.</summary>
public interface ILeaderProbeGrain : IGrainWithStringKey
{
    Task<SiloAddress> GetSiloAsync();

    Task<Guid> GetActivationAsync();

    Task DeactivateAsync();
}
