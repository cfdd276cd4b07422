using Krewe.Grains.Replication;

namespace Krewe.Silo.Tests.Peers;

/// <summary>Three members over loopback sockets.</summary>
internal sealed class PeerCluster() : LoopbackCluster<PeerMember>("krewe-peers-")
{
    public static PeerCluster Start()
    {
        var cluster = new PeerCluster();
        cluster.StartAll(cluster.Create);
        return cluster;
    }

    public void Restart(ulong id, Action<PeerMember>? beforeStart = null)
    {
        var member = Create(id);
        beforeStart?.Invoke(member);
        StartAgain(id, member);
    }

    /// <summary>Appends at whoever leads, again after a change of leader, until it is applied.</summary>
    public async Task AppendAsync(byte[] payload)
    {
        while (true)
        {
            var leader = await LeaderAsync();
            if (leader.Node.TryAppend(leader.Node.Term, payload, out var entry) == AppendRefusal.None
                && (await entry.Applied.WaitAsync(TestContext.Current.CancellationToken)).Status == EntryStatus.Applied)
            {
                return;
            }
        }
    }

    private PeerMember Create(ulong id) => new(id, DirectoryOfAll, Ids, Urls);
}
