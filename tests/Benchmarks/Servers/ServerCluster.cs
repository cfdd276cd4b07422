using System.Net;

namespace Krewe.Benchmarks.Servers;

/// <summary>All members of one cluster, or a single one, with fresh data directories; they go when it is disposed.</summary>
internal sealed class ServerCluster : IDisposable
{
    private readonly List<ServerProcess> _members = [];

    private readonly ServerSpec _spec;
    private readonly string _dataRoot;
    private readonly ServerTls? _tls;

    private ServerCluster(ServerSpec spec, string dataRoot, ServerTls? tls)
    {
        _spec = spec;
        _dataRoot = Path.GetFullPath(dataRoot);
        _tls = tls;
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
        var cluster = new ServerCluster(spec, dataRoot, tls);
        try
        {
            foreach (var plan in MemberPlan.Of(members, tls is null ? "http" : "https"))
            {
                cluster.Add(plan);
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

    /// <summary>Plans an empty member that is to join; <see cref="Add"/> starts it once the cluster knows of it.</summary>
    public MemberPlan PlanOneMore() => MemberPlan.Joining($"bench{_members.Count}", _members[0].Plan);

    /// <summary>Starts one more member; it is not ready yet.</summary>
    public ServerProcess Add(MemberPlan plan)
    {
        var member = new ServerProcess(_spec, Path.Combine(_dataRoot, $"bench-{_spec.Name}-{Guid.NewGuid():n}"), plan, _tls);
        _members.Add(member);
        return member;
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
