using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Scenarios;

/// <summary>A gateway in front of three members.</summary>
public sealed class GatewayTests
{
    private const int Watchers = 1000;
    private const string WatcherMetric = "etcd_debugging_mvcc_watcher_total ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Etcdctl_works_through_a_gateway()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(ServerKind.Krewe, 3);
        await using var gateway = await LabGateway.StartAsync(cluster);
        Assert.Contains("OK", await EtcdctlAsync(gateway, "put", "a", "1"), StringComparison.Ordinal);
        Assert.Equal("a\n1\n", await EtcdctlAsync(gateway, "get", "a"));
        Assert.Contains("1\n", await EtcdctlAsync(gateway, "del", "a"), StringComparison.Ordinal);
        var lease = (await EtcdctlAsync(gateway, "lease", "grant", "60")).Split(' ')[1];
        await EtcdctlAsync(gateway, "put", "leased", "x", $"--lease={lease}");
        Assert.Contains("keepalived", await EtcdctlAsync(gateway, "lease", "keep-alive", "--once", lease), StringComparison.Ordinal);
        Assert.Contains("leased", await EtcdctlAsync(gateway, "lease", "timetolive", lease, "--keys"), StringComparison.Ordinal);
        await EtcdctlAsync(gateway, "lease", "revoke", lease);
        Assert.Equal("", await EtcdctlAsync(gateway, "get", "leased"));
        Assert.Equal(3, (await EtcdctlAsync(gateway, "member", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("is healthy", await EtcdctlAsync(gateway, "endpoint", "health"), StringComparison.Ordinal);
        await EtcdctlAsync(gateway, "endpoint", "status");
        await EtcdctlAsync(gateway, "endpoint", "hashkv");
        await EtcdctlAsync(gateway, "compaction", "3");
        await EtcdctlAsync(gateway, "alarm", "list");
        await EtcdctlAsync(gateway, "defrag");
        Assert.Equal("held\n", await EtcdctlAsync(gateway, "lock", "mine", "echo", "held"));
    }

    /// <summary>Each member leads once, so most of the moves begin where the gateway's member does not lead.</summary>
    [Fact]
    public async Task Leadership_moves_through_a_gateway_whoever_leads_behaviour_283()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(ServerKind.Krewe, 3);
        await using var gateway = await LabGateway.StartAsync(cluster);
        var maintenance = new Maintenance.MaintenanceClient(gateway.Channel);
        var members = (await new Cluster.ClusterClient(gateway.Channel).MemberListAsync(new MemberListRequest())).Members.Select(m => m.ID).ToArray();
        foreach (var target in members.Concat(members))
        {
            await maintenance.MoveLeaderAsync(new MoveLeaderRequest { TargetID = target }, deadline: DateTime.UtcNow.AddSeconds(10));
            Assert.Equal(target, (await maintenance.StatusAsync(new StatusRequest())).Leader);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_watchers_share_one_and_lose_nothing_when_its_member_fails(bool isStopped)
    {
        const int Puts = 30;
        await using var cluster = await ClusterUnderTest.StartAsync(ServerKind.Krewe, 3);
        await using var gateway = await LabGateway.StartAsync(cluster);
        using var call = new Watch.WatchClient(gateway.Channel).Watch();
        for (var i = 0; i < Watchers; i++)
        {
            await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = new WatchCreateRequest { Key = Key("p/"), RangeEnd = Key("p0") } });
        }

        var seen = Enumerable.Range(0, Watchers).Select(_ => new List<long>()).ToArray();
        await ReadAsync(call, seen, Watchers, () => true);
        var counts = await Task.WhenAll(cluster.Members.Select(WatchersOfAsync));
        Assert.Equal(1, counts.Sum());

        var victim = cluster.Members[Array.IndexOf(counts, 1)];
        var kv = new KV.KVClient(gateway.Channel);
        var revisions = new List<long>();
        for (var i = 0; i < Puts; i++)
        {
            if (i == Puts / 2)
            {
                await FailAsync(victim, isStopped);
            }

            revisions.Add(await PutAsync(kv, i));
        }

        // A put whose outcome was unknown may be there twice: every watcher must have seen the same, in order and without duplicates.
        await ReadAsync(call, seen, 0, () => seen.Any(s => s.Count == 0 || s[^1] < revisions[^1]));
        Assert.All(seen, s => Assert.Equal(seen[0], s));
        Assert.Equal(seen[0].Distinct().Order(), seen[0]);
        Assert.Empty(revisions.Except(seen[0]));
        if (isStopped)
        {
            victim.Continue();
        }
    }

    private static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    private static Task<string> EtcdctlAsync(LabGateway gateway, params string[] arguments) =>
        Tool.RunAsync(PeerPaths.Etcdctl, [$"--endpoints={gateway.Url}", .. arguments]);

    private static async Task FailAsync(LabMember member, bool isStopped)
    {
        if (isStopped)
        {
            member.Stop();
        }
        else
        {
            await member.KillAsync();
        }
    }

    /// <summary>Puts until it is acknowledged; an outcome that is unknown is tried again, as applications do.</summary>
    private static async Task<long> PutAsync(KV.KVClient kv, int number)
    {
        using var limit = new CancellationTokenSource(Patience);
        var put = new PutRequest { Key = Key(string.Create(CultureInfo.InvariantCulture, $"p/{number}")), Value = Key("v") };
        while (true)
        {
            try
            {
                return (await kv.PutAsync(put, deadline: DateTime.UtcNow.AddSeconds(10))).Header.Revision;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && !limit.IsCancellationRequested)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"put {number}: {e.Status.Detail}");
            }
        }
    }

    private static async Task ReadAsync(
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, List<long>[] seen, int created, Func<bool> goesOn)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (goesOn())
        {
            Assert.True(await call.ResponseStream.MoveNext(limit.Token));
            var answer = call.ResponseStream.Current;
            Assert.False(answer.Canceled, answer.CancelReason);
            seen[(int)answer.WatchId].AddRange(answer.Events.Select(change => change.Kv.ModRevision));
            if (answer.Created && --created == 0)
            {
                return;
            }
        }
    }

    private static async Task<int> WatchersOfAsync(LabMember member)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(new Uri(member.Address.ClientUrl), "/metrics"));
        return int.Parse(metrics.Split('\n').Single(l => l.StartsWith(WatcherMetric, StringComparison.Ordinal))[WatcherMetric.Length..], CultureInfo.InvariantCulture);
    }
}
