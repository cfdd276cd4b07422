using System.Globalization;
using System.Text.Json;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Clients;

/// <summary>What an operator looks at after a fault, with etcdctl, from one member: all members, equal hashes, and leadership that moves.</summary>
internal static class OperatorChecks
{
    private const int MoveAttempts = 3;

    /// <param name="revision">What is hashed: holders of leases may go on writing behind it.</param>
    /// <returns>The table of all members' status.</returns>
    public static async Task<string> RunAsync(ClusterUnderTest cluster, long revision)
    {
        // Inside a namespace clients reach the members as well as here, so no change of namespace is needed.
        var table = await EtcdctlAsync(cluster.Members[0], "endpoint", "status", "--cluster", "-w", "table");
        var list = await EtcdctlAsync(cluster.Members[0], "member", "list", "-w", "table");
        foreach (var member in cluster.Members)
        {
            Assert.Contains(member.Address.ClientUrl, table, StringComparison.Ordinal);
            Assert.Contains(list.Split('\n'), line => line.Contains(member.Address.ClientUrl, StringComparison.Ordinal) && line.Contains("started", StringComparison.Ordinal));
        }

        var at = revision.ToString(CultureInfo.InvariantCulture);
        using var hashes = JsonDocument.Parse(await EtcdctlAsync(cluster.Members[0], "endpoint", "hashkv", "--cluster", "--rev", at, "-w", "json"));
        Assert.Equal(cluster.Members.Count, hashes.RootElement.GetArrayLength());
        Assert.Single(hashes.RootElement.EnumerateArray().Select(h => h.GetProperty("HashKV").GetProperty("hash").GetUInt32()).Distinct());
        await MoveLeaderAsync(cluster);
        return table;
    }

    // On a busy machine leadership may move by itself between the question who leads and the request.
    private static async Task MoveLeaderAsync(ClusterUnderTest cluster)
    {
        for (var attempt = 1; ; attempt++)
        {
            var leader = await cluster.LeaderAsync();
            var target = await cluster.Other(leader).StatusAsync();
            try
            {
                var id = (target?.Header.MemberId ?? 0).ToString("x", CultureInfo.InvariantCulture);
                Assert.Contains("Leadership transferred", await EtcdctlAsync(leader, "move-leader", id), StringComparison.Ordinal);
                return;
            }
            catch (InvalidOperationException) when (attempt < MoveAttempts)
            {
                // Asked again.
            }
        }
    }

    private static Task<string> EtcdctlAsync(LabMember member, params string[] arguments) =>
        Tool.RunAsync(PeerPaths.Etcdctl, ["--endpoints", member.Address.ClientUrl, .. member.Address.Tls?.EtcdctlFlags ?? [], .. arguments]);
}
