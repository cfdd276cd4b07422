using System.Collections.Concurrent;
using Krewe.Grains.Replication;

namespace Krewe.Silo.Tests.Peers;

/// <summary>Three members over loopback sockets.</summary>
internal sealed class PeerCluster : IAsyncDisposable
{
    private static readonly ulong[] Ids = [1, 2, 3];
    private readonly string _directory = Directory.CreateTempSubdirectory("krewe-peers-").FullName;
    private readonly ConcurrentDictionary<ulong, Uri> _urls = new();
    private readonly Dictionary<ulong, PeerMember> _members = [];

    public IEnumerable<PeerMember> Members => _members.Values;

    public PeerMember this[ulong id] => _members[id];

    /// <summary>Starts all three: their URLs are known before the first one's clock runs.</summary>
    public static PeerCluster Start()
    {
        var cluster = new PeerCluster();
        foreach (var id in Ids)
        {
            cluster._members[id] = new PeerMember(id, cluster._directory, Ids, cluster._urls);
        }

        foreach (var member in cluster.Members)
        {
            member.Node.Start();
        }

        return cluster;
    }

    public void Restart(ulong id, Action<PeerMember>? beforeStart = null)
    {
        _members[id] = new PeerMember(id, _directory, Ids, _urls);
        beforeStart?.Invoke(_members[id]);
        _members[id].Node.Start();
    }

    public async Task StopAsync(ulong id)
    {
        await _members[id].DisposeAsync();
        _members.Remove(id);
    }

    public async Task<PeerMember> LeaderAsync()
    {
        PeerMember? leader = null;
        await UntilAsync(() => (leader = Members.FirstOrDefault(m => m.Node.IsReadyLeader)) is not null);
        return leader!;
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

    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
