using System.Net;

namespace Krewe.Benchmarks.Servers;

/// <summary>All members of one cluster, or a single one, with fresh data directories; they go when it is disposed.</summary>
internal sealed class ServerCluster : IDisposable
{
    private readonly List<ServerProcess> _members = [];

    private ServerCluster()
    {
    }

    public IReadOnlyList<ServerProcess> Members => _members;

    public IReadOnlyList<IPEndPoint> Endpoints => [.. _members.Select(member => member.Endpoint)];

    public IReadOnlyList<int> ProcessIds => [.. _members.Select(member => member.ProcessId)];

    /// <summary>From the start of the first process to the first linearizable answer of the last to give one.</summary>
    public double StartMilliseconds => _members.Max(member => member.StartMilliseconds);

    /// <param name="dataRoot">Where the data directories are made; decides which disk is measured.</param>
    /// <param name="tls">The certificates of all its ports; null: everything in clear.</param>
    public static ServerCluster Start(ServerSpec spec, string dataRoot, int members, ServerTls? tls = null)
    {
        var cluster = new ServerCluster();
        try
        {
            foreach (var plan in MemberPlan.Of(members, tls is null ? "http" : "https"))
            {
                var directory = Path.Combine(Path.GetFullPath(dataRoot), $"bench-{spec.Name}-{Guid.NewGuid():n}");
                cluster._members.Add(new ServerProcess(spec, directory, plan, tls));
            }

            cluster.WaitUntilReady();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Ends all members as an operator would, and starts them again on the same data and ports.</summary>
    public void Restart()
    {
        _members.ForEach(member => member.Terminate());
        _members.ForEach(member => member.Relaunch());
        WaitUntilReady();
    }

    public void WaitUntilReady() => _members.ForEach(member => member.WaitUntilReady());

    public void Dispose() => _members.ForEach(member => member.Dispose());
}
