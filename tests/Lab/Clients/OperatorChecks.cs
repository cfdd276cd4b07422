using System.Globalization;
using System.Text.Json;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Clients;

/// <summary>What an operator looks at after a fault, with etcdctl, from one member: all members, equal hashes.</summary>
internal static class OperatorChecks
{
    /// <param name="revision">What is hashed: holders of leases may go on writing behind it.</param>
    /// <returns>The table of all members' status.</returns>
    public static async Task<string> RunAsync(ClusterUnderTest cluster, long revision)
    {
        var table = await EndpointStatus.ReadAsync(cluster);
        var list = await EtcdctlAsync(cluster.Members[0], "member", "list", "-w", "table");
        foreach (var member in cluster.Members)
        {
            Assert.Contains(list.Split('\n'), line => line.Contains(member.Address.ClientUrl, StringComparison.Ordinal) && line.Contains("started", StringComparison.Ordinal));
        }

        var at = revision.ToString(CultureInfo.InvariantCulture);
        using var hashes = JsonDocument.Parse(await EtcdctlAsync(cluster.Members[0], "endpoint", "hashkv", "--cluster", "--rev", at, "-w", "json"));
        Assert.Equal(cluster.Members.Count, hashes.RootElement.GetArrayLength());
        Assert.Single(hashes.RootElement.EnumerateArray().Select(h => h.GetProperty("HashKV").GetProperty("hash").GetUInt32()).Distinct());
        return table;
    }

    public static Task<string> EtcdctlAsync(LabMember member, params string[] arguments) =>
        Tool.RunAsync(PeerPaths.Etcdctl, ["--endpoints", member.Address.ClientUrl, .. member.Address.Tls?.EtcdctlFlags ?? [], .. arguments]);
}
