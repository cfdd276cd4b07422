using Krewe.Lab.Engine;

namespace Krewe.Lab.Clients;

/// <summary>What an operator looks at: etcdctl must find every member of the cluster, from one of them.</summary>
internal static class EndpointStatus
{
    public static async Task<string> ReadAsync(ClusterUnderTest cluster)
    {
        // Inside a namespace clients reach the members as well as here, so no change of namespace is needed.
        var address = cluster.Members[0].Address;
        var table = await Tool.RunAsync(
            PeerPaths.Etcdctl,
            ["--endpoints", address.ClientUrl, .. address.Tls?.EtcdctlFlags ?? [], "endpoint", "status", "--cluster", "-w", "table"]);
        foreach (var member in cluster.Members)
        {
            Assert.Contains(member.Address.ClientUrl, table, StringComparison.Ordinal);
        }

        return table;
    }
}
