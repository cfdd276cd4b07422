using System.Globalization;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Tests.Peers;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>Three members over loopback sockets, whose logs are kept short.</summary>
internal sealed class SnapshotCluster() : LoopbackCluster<SnapshotMember>("krewe-snapshots-")
{
    private int _written;

    public static SnapshotCluster Start()
    {
        var cluster = new SnapshotCluster();
        cluster.StartAll(id => cluster.Create(id));
        return cluster;
    }

    public SnapshotMember Restart(ulong id, Action<InstallStep>? reached = null)
    {
        var member = Create(id, reached);
        StartAgain(id, member);
        return member;
    }

    /// <summary>Nothing gets through between this member and the others.</summary>
    public void CutOff(ulong id, bool isCut = true)
    {
        foreach (var other in Members.Where(m => m.Id != id))
        {
            Cut(other, id, isCut);
            Cut(this[id], other.Id, isCut);
        }
    }

    public async Task<SnapshotMember> FollowerAsync()
    {
        var leader = await LeaderAsync();
        return Members.First(m => m != leader);
    }

    public async Task PutAsync(int count, int valueBytes = 200)
    {
        for (var i = 0; i < count; i++)
        {
            var number = _written++;
            var key = string.Create(CultureInfo.InvariantCulture, $"key-{number % 97:d3}");
            while (!await (await LeaderAsync()).TryPutAsync(key, string.Create(CultureInfo.InvariantCulture, $"{number}").PadRight(valueBytes, '.')))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Writes until the logs of all others begin behind what this member, which is away or cut off, had applied.</summary>
    public async Task LeaveBehindAsync(ulong id, ulong appliedIndex)
    {
        do
        {
            await PutAsync(100);
        }
        while (Members.Any(m => m.Id != id && m.Node.FirstIndex <= appliedIndex + 1));
    }

    /// <summary>Waits until the member has applied all that the leader has, and both hash the same.</summary>
    public async Task RequireCaughtUpAsync(ulong id)
    {
        var leader = await LeaderAsync();
        await UntilAsync(() => this[id].Node.AppliedIndex >= leader.Node.AppliedIndex || !this[id].Failures.IsEmpty);
        Assert.Empty(this[id].Failures);
        var revision = leader.State.Revision;
        await UntilAsync(() => this[id].State.Revision >= revision);
        Assert.Equal(leader.Hash(revision), this[id].Hash(revision));
    }

    private SnapshotMember Create(ulong id, Action<InstallStep>? reached = null) => new(id, DirectoryOfAll, Ids, Urls, reached);

    private static void Cut(SnapshotMember member, ulong from, bool isCut)
    {
        if (isCut)
        {
            member.Book.Removed[from] = true;
        }
        else
        {
            member.Book.Removed.TryRemove(from, out _);
        }
    }
}
