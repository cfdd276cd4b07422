using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Services;

public sealed class ElectionServiceTests
{
    private const string Service = "v3electionpb.Election";

    [Fact]
    public async Task The_only_candidate_leads_and_may_change_its_value_behaviours_298_299_301()
    {
        await using var host = await ApiHost.StartAsync();
        await EtcdClient.ExpectAsync(StatusCode.Unknown, "election: no leader", () => LeaderAsync(host));

        var won = await Campaign(host, 0xab, "one");
        var same = await Campaign(host, 0xab, "one");
        var changed = await Campaign(host, 0xab, "two");

        Assert.Equal(("e", "e/ab", 2L, 0xabL), (won.Leader.Name.ToStringUtf8(), won.Leader.Key.ToStringUtf8(), won.Leader.Rev, won.Leader.Lease));
        Assert.Equal((won.Leader, won.Leader), (same.Leader, changed.Leader));
        var leader = await LeaderAsync(host);
        Assert.Equal(("two", 2L, 3L), (leader.Kv.Value.ToStringUtf8(), leader.Kv.CreateRevision, leader.Kv.ModRevision));
    }

    [Fact]
    public async Task The_next_candidate_leads_after_a_resignation_behaviours_298_300()
    {
        await using var host = await ApiHost.StartAsync();
        var first = await Campaign(host, 1, "one");
        var second = Campaign(host, 2, "two");
        await ExistsAsync(host, "e/2", 1);
        Assert.False(second.IsCompleted);

        await ResignAsync(host, first.Leader);
        await ResignAsync(host, first.Leader);

        Assert.Equal("e/2", (await second).Leader.Key.ToStringUtf8());
        await EtcdClient.ExpectAsync(StatusCode.Unknown, "election: not leader", () => ProclaimAsync(host, first.Leader, "late"));
        await ProclaimAsync(host, (await second).Leader, "news");
        Assert.Equal("news", (await LeaderAsync(host)).Kv.Value.ToStringUtf8());
    }

    [Fact]
    public async Task A_cancelled_candidate_leaves_no_key()
    {
        await using var host = await ApiHost.StartAsync();
        await Campaign(host, 1, "one");
        using var cancel = new CancellationTokenSource();
        var waiting = Campaign(host, 2, "two", cancel.Token);
        await ExistsAsync(host, "e/2", 1);

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await EtcdClient.StatusOf(() => waiting)).StatusCode);
        await ExistsAsync(host, "e/2", 0);
    }

    [Fact]
    public async Task Without_a_leader_field_or_key_it_is_refused_behaviour_303()
    {
        await using var host = await ApiHost.StartAsync();

        await EtcdClient.ExpectAsync(StatusCode.Unknown, "\"leader\" field must be provided", () => ProclaimAsync(host, null, "v"));
        await EtcdClient.ExpectAsync(StatusCode.Unknown, "\"leader\" field must be provided", () => ResignAsync(host, null));
        await EtcdClient.ExpectAsync(
            StatusCode.Unknown, "etcdserver: key is not provided", () => ResignAsync(host, new LeaderKey { Lease = 1 }));
    }

    [Fact]
    public async Task Observers_see_leaders_proclamations_and_successors_behaviour_302()
    {
        await using var host = await ApiHost.StartAsync();
        using var observer = host.Client.Stream<LeaderRequest, LeaderResponse>(Service, "Observe", new LeaderRequest { Name = Name });
        await Eventually.AreEqualAsync(1, () => Task.FromResult(host.Watches.OpenStreams));

        var first = await Campaign(host, 1, "one");
        Assert.Equal(("e/1", "one"), await NextAsync(observer));
        var second = Campaign(host, 2, "two");
        await ExistsAsync(host, "e/2", 1);
        await ProclaimAsync(host, first.Leader, "uno");
        Assert.Equal(("e/1", "uno"), await NextAsync(observer));
        await ResignAsync(host, first.Leader);

        Assert.Equal(("e/2", "two"), await NextAsync(observer));
        Assert.Equal("e/2", (await second).Leader.Key.ToStringUtf8());
        var stopped = host.StopAsync();
        await EtcdClient.ExpectAsync(
            StatusCode.Unavailable, "etcdserver: server stopped", () => observer.ResponseStream.MoveNext(CancellationToken.None));
        await stopped;
    }

    private static ByteString Name => ByteString.CopyFromUtf8("e");

    private static Task<CampaignResponse> Campaign(ApiHost host, long lease, string value, CancellationToken cancellationToken = default) =>
        host.Client.CallAsync<CampaignRequest, CampaignResponse>(
            Service,
            "Campaign",
            new CampaignRequest { Name = Name, Lease = lease, Value = ByteString.CopyFromUtf8(value) },
            new CallOptions(cancellationToken: cancellationToken));

    private static Task<ProclaimResponse> ProclaimAsync(ApiHost host, LeaderKey? leader, string value) =>
        host.Client.CallAsync<ProclaimRequest, ProclaimResponse>(
            Service, "Proclaim", new ProclaimRequest { Leader = leader, Value = ByteString.CopyFromUtf8(value) });

    private static Task<ResignResponse> ResignAsync(ApiHost host, LeaderKey? leader) =>
        host.Client.CallAsync<ResignRequest, ResignResponse>(Service, "Resign", new ResignRequest { Leader = leader });

    private static Task<LeaderResponse> LeaderAsync(ApiHost host) =>
        host.Client.CallAsync<LeaderRequest, LeaderResponse>(Service, "Leader", new LeaderRequest { Name = Name });

    private static async Task<(string Key, string Value)> NextAsync(AsyncServerStreamingCall<LeaderResponse> observer)
    {
        Assert.True(await observer.ResponseStream.MoveNext(CancellationToken.None));
        var kv = observer.ResponseStream.Current.Kv;
        return (kv.Key.ToStringUtf8(), kv.Value.ToStringUtf8());
    }

    private static Task ExistsAsync(ApiHost host, string key, int count) =>
        Eventually.AreEqualAsync(
            count, async () => (await host.Client.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8(key) })).Kvs.Count);
}
