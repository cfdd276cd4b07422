using System.Collections.Concurrent;
using System.Globalization;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>Three members over loopback sockets, whose logs are kept short.</summary>
internal sealed class SnapshotCluster : IAsyncDisposable
{
    private static readonly ulong[] Ids = [1, 2, 3];
    private readonly string _directory = Directory.CreateTempSubdirectory("krewe-snapshots-").FullName;
    private readonly ConcurrentDictionary<ulong, Uri> _urls = new();
    private readonly Dictionary<ulong, SnapshotMember> _members = [];
    private int _written;

    public IEnumerable<SnapshotMember> Members => _members.Values;

    public SnapshotMember this[ulong id] => _members[id];

    public static SnapshotCluster Start()
    {
        var cluster = new SnapshotCluster();
        foreach (var id in Ids)
        {
            cluster._members[id] = new SnapshotMember(id, cluster._directory, Ids, cluster._urls);
        }

        foreach (var member in cluster.Members)
        {
            member.Node.Start();
        }

        return cluster;
    }

    public SnapshotMember Restart(ulong id, Action<InstallStep>? reached = null)
    {
        var member = _members[id] = new SnapshotMember(id, _directory, Ids, _urls, reached);
        member.Node.Start();
        return member;
    }

    /// <summary>Answers what the member had applied.</summary>
    public async Task<ulong> StopAsync(ulong id)
    {
        await _members[id].DisposeAsync();
        _members.Remove(id, out var member);
        return member!.Node.AppliedIndex;
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

    public async Task<SnapshotMember> LeaderAsync()
    {
        SnapshotMember? leader = null;
        await UntilAsync(() => (leader = Members.FirstOrDefault(m => m.Node.IsReadyLeader)) is not null);
        return leader!;
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
