using System.Globalization;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Lab.Engine;

/// <summary>Members of one cluster as processes, started with etcd's flags only.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private const int PollMilliseconds = 20;
    private const string OnlyLearners = "etcdserver: can only promote a learner member";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    private readonly ServerKind _kind;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _flags;
    private readonly List<LabMember> _members = [];
    private int _named;

    private ClusterUnderTest(ServerKind kind, IReadOnlyList<string> flags)
    {
        _kind = kind;
        _flags = flags;
        _folder = Directory.CreateTempSubdirectory($"krewe-lab-{kind}-").FullName;
        Watchdog.Folder(_folder);
    }

    public IReadOnlyList<LabMember> Members => _members;

    private string InitialCluster => string.Join(',', _members.Select(m => $"{m.Name}={m.Address.AdvertisedPeerUrl}"));

    /// <summary>Starts a cluster on loopback ports and returns when every member answers linearizable reads.</summary>
    public static Task<ClusterUnderTest> StartAsync(ServerKind kind, int size, params string[] flags) =>
        StartAsync(kind, [.. Enumerable.Range(0, size).Select(_ => MemberAddress.Loopback())], flags);

    public static async Task<ClusterUnderTest> StartAsync(ServerKind kind, IReadOnlyList<MemberAddress> addresses, params string[] flags)
    {
        // Asked first, so that an absent peer skips the test before anything is started.
        _ = kind == ServerKind.Etcd ? PeerPaths.Etcd : PeerPaths.Krewe;
        var cluster = new ClusterUnderTest(kind, flags);
        try
        {
            foreach (var address in addresses)
            {
                cluster.Add(address);
            }

            foreach (var member in cluster.Members)
            {
                member.Start(cluster.InitialCluster, "new");
            }

            await cluster.WaitUntilHealthyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a member again on its data.</summary>
    public void Restart(LabMember member) => member.Start(InitialCluster, "existing");

    /// <summary>The member that a majority takes for the leader.</summary>
    /// <exception cref="TimeoutException">There is none for a minute and a half.</exception>
    public Task<LabMember> LeaderAsync() => WaitAsync("a leader", async () =>
    {
        var answers = await Task.WhenAll(_members.Where(m => m is { IsRunning: true, IsStopped: false })
            .Select(async m => (Member: m, Status: await m.StatusAsync())));
        var leader = answers.Where(a => a.Status is { Leader: not 0 }).GroupBy(a => a.Status!.Leader).MaxBy(g => g.Count());
        return leader?.Count() > _members.Count / 2 ? answers.FirstOrDefault(a => a.Status?.Header.MemberId == leader.Key).Member : null;
    });

    /// <summary>A running member other than the given one.</summary>
    public LabMember Other(LabMember? than) => _members.First(m => m != than && m is { IsRunning: true, IsStopped: false });

    public async Task WaitUntilHealthyAsync()
    {
        foreach (var member in _members)
        {
            await WaitAsync($"an answer of {member.Name}", async () => await AnswersAsync(member) ? member : null);
        }
    }

    /// <summary>Removes a member by way of another one.</summary>
    public async Task RemoveAsync(LabMember member)
    {
        var via = Other(member).Cluster;
        var list = await CallAsync(() => via.MemberListAsync(new MemberListRequest { Linearizable = true }, deadline: Deadline()).ResponseAsync);
        var id = list.Members.Single(m => m.Name == member.Name).ID;
        await RemoveAsync(via, id);
    }

    /// <summary>The documented way to replace a member: remove it, add an empty one as a learner, promote it when it has caught up.</summary>
    public async Task<LabMember> ReplaceAsync(LabMember old)
    {
        var via = Other(old).Cluster;
        var list = await CallAsync(() => via.MemberListAsync(new MemberListRequest { Linearizable = true }, deadline: Deadline()).ResponseAsync);
        var id = list.Members.Single(m => m.Name == old.Name).ID;
        await old.KillAsync();
        await RemoveAsync(via, id);
        _members.Remove(old);
        await old.DisposeAsync();

        return await AddEmptyAsync(via, isLearner: true, old.Address switch
        {
            { Namespace: not null } => old.Address,
            { Tls: { } tls } => MemberAddress.LoopbackTls(tls, new Uri(old.Address.AdvertisedPeerUrl).Host),
            _ => MemberAddress.Loopback(),
        });
    }

    /// <summary>Adds an empty member, as a voter or as a learner that is promoted when it has caught up.</summary>
    public Task<LabMember> AddEmptyAsync(bool isLearner) => AddEmptyAsync(Other(than: null).Cluster, isLearner, MemberAddress.Loopback());

    /// <summary>Waits until all members hash the same keyspace at the same revision.</summary>
    /// <exception cref="TimeoutException">They still differ after a minute and a half; with all hashes.</exception>
    public async Task RequireEqualHashesAsync(long revision)
    {
        var seen = "";
        try
        {
            await WaitAsync("equal hashes", async () =>
            {
                var hashes = await Task.WhenAll(_members.Select(m =>
                    CallAsync(() => m.Maintenance.HashKVAsync(new HashKVRequest { Revision = revision }, deadline: Deadline()).ResponseAsync)));
                seen = string.Join(", ", hashes.Select((h, i) => string.Create(CultureInfo.InvariantCulture, $"{_members[i].Name}: {h.Hash} at {h.HashRevision}")));
                return hashes.Select(h => (h.Hash, h.CompactRevision)).Distinct().Count() == 1 ? seen : null;
            });
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the members differ at revision {revision}: {seen}");
        }
    }

    /// <summary>The ends of all logs, for a failing test.</summary>
    public string Logs() => string.Join('\n', _members.Select(m => $"== {m.Name}\n{m.LogTail()}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static DateTime Deadline() => DateTime.UtcNow.AddSeconds(2);

    private static async Task<bool> AnswersAsync(LabMember member)
    {
        member.RequireAlive();
        try
        {
            await member.Kv.RangeAsync(new RangeRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("ready"), CountOnly = true }, deadline: Deadline());
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private async Task<LabMember> AddEmptyAsync(Cluster.ClusterClient via, bool isLearner, MemberAddress address)
    {
        var fresh = Add(address);
        var request = new MemberAddRequest { IsLearner = isLearner, PeerURLs = { fresh.Address.AdvertisedPeerUrl } };
        var added = await AddAsync(via, request);
        fresh.Start(InitialCluster, "existing");
        if (isLearner)
        {
            await PromoteAsync(via, added);
        }

        return fresh;
    }

    // A change of members whose answer was late has happened: its repetition is refused.
    private static Task RemoveAsync(Cluster.ClusterClient via, ulong id) => CallAsync(async () =>
    {
        try
        {
            return await via.MemberRemoveAsync(new MemberRemoveRequest { ID = id }, deadline: Deadline());
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
        {
            return new MemberRemoveResponse();
        }
    });

    private static Task<Member> AddAsync(Cluster.ClusterClient via, MemberAddRequest request) => CallAsync(async () =>
    {
        try
        {
            return (await via.MemberAddAsync(request, deadline: Deadline())).Member;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
        {
            var list = await via.MemberListAsync(new MemberListRequest { Linearizable = true }, deadline: Deadline());
            return list.Members.FirstOrDefault(m => m.PeerURLs.Contains(request.PeerURLs[0])) ?? throw new RpcException(error.Status);
        }
    });

    private static Task PromoteAsync(Cluster.ClusterClient via, Member learner) => CallAsync(async () =>
    {
        try
        {
            return await via.MemberPromoteAsync(new MemberPromoteRequest { ID = learner.ID }, deadline: Deadline());
        }
        catch (RpcException error) when (error.Status.Detail == OnlyLearners)
        {
            return new MemberPromoteResponse();
        }
    });

    // Changes of members are refused for a while after others ("unhealthy cluster", "not in sync with leader").
    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
        where T : class
    {
        RpcException? last = null;
        try
        {
            return await WaitAsync("an answer", async () =>
            {
                try
                {
                    return await call();
                }
                catch (RpcException error)
                {
                    last = error;
                    return null;
                }
            });
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}: {last?.Status}", last);
        }
    }

    private static async Task<T> WaitAsync<T>(string what, Func<Task<T?>> attempt)
        where T : class
    {
        using var limit = new CancellationTokenSource(ReadyLimit);
        while (!limit.IsCancellationRequested)
        {
            if (await attempt() is { } result)
            {
                return result;
            }

            await Task.Delay(PollMilliseconds);
        }

        throw new TimeoutException($"no {what} within {ReadyLimit}");
    }

    private LabMember Add(MemberAddress address)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"m{++_named}");
        var member = new LabMember(_kind, name, Path.Combine(_folder, name), address, _flags);
        _members.Add(member);
        return member;
    }
}
