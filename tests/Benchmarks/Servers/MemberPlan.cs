using System.Globalization;

namespace Krewe.Benchmarks.Servers;

/// <summary>How one member of a cluster is started.</summary>
/// <param name="InitialCluster">As in etcd's flag of that name: all members with their peer URLs.</param>
/// <param name="Scheme">Of all URLs: http or https.</param>
internal sealed record MemberPlan(string Name, int ClientPort, int PeerPort, string InitialCluster, string Scheme)
{
    /// <summary>As in etcd's flag --initial-cluster-state: new or existing.</summary>
    public string State { get; init; } = "new";

    public string PeerUrl => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://127.0.0.1:{PeerPort}");

    /// <summary>Plans a member that joins a running cluster, on random loopback ports.</summary>
    /// <param name="cluster">The plan of any member of it.</param>
    public static MemberPlan Joining(string name, MemberPlan cluster)
    {
        var ports = FreePorts.Take(2);
        var plan = cluster with { Name = name, ClientPort = ports[0], PeerPort = ports[1], State = "existing" };
        return plan with { InitialCluster = $"{cluster.InitialCluster},{name}={plan.PeerUrl}" };
    }

    /// <summary>Plans a cluster on random loopback ports.</summary>
    public static IReadOnlyList<MemberPlan> Of(int members, string scheme = "http")
    {
        var ports = FreePorts.Take(2 * members);
        var names = Enumerable.Range(0, members).Select(i => string.Create(CultureInfo.InvariantCulture, $"bench{i}")).ToArray();
        var cluster = string.Join(',', names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{name}={scheme}://127.0.0.1:{ports[(2 * i) + 1]}")));
        return [.. names.Select((name, i) => new MemberPlan(name, ports[2 * i], ports[(2 * i) + 1], cluster, scheme))];
    }
}
