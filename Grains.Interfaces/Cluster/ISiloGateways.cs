namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>Where Orleans clients find the cluster: what a gateway process asks of a member before it can join.</summary>
public interface ISiloGateways
{
    /// <summary>Orleans' name of the cluster.</summary>
    string ClusterName { get; }

    /// <summary>Addresses (host:port) of the live silos' gateways, as this process knows them.</summary>
    IReadOnlyList<string> Addresses { get; }
}
