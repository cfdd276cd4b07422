using System.Globalization;

namespace Krewe.Benchmarks.Servers;

/// <summary>How one member of a cluster is started.</summary>
/// <param name="InitialCluster">As in etcd's flag of that name: all members with their peer URLs.</param>
/// <param name="Scheme">Of all URLs: http or https.</param>
internal sealed record MemberPlan(string Name, int ClientPort, int PeerPort, string InitialCluster, string Scheme)
{
    /// <summary>Plans a cluster on random loopback ports.</summary>
    public static IReadOnlyList<MemberPlan> Of(int members, string scheme = "http")
    {
        var ports = FreePorts.Take(2 * members);
        var names = Enumerable.Range(0, members).Select(i => string.Create(CultureInfo.InvariantCulture, $"bench{i}")).ToArray();
        var cluster = string.Join(',', names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{name}={scheme}://127.0.0.1:{ports[(2 * i) + 1]}")));
        return [.. names.Select((name, i) => new MemberPlan(name, ports[2 * i], ports[(2 * i) + 1], cluster, scheme))];
    }
}
