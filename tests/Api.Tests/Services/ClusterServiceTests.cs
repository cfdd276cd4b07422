using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Services;

/// <summary>Membership changes and the transfer of leadership as RPCs.</summary>
public sealed class ClusterServiceTests
{
    private const string Cluster = "etcdserverpb.Cluster";

    [Fact]
    public async Task An_added_member_is_answered_with_the_full_list_behaviours_239_and_244()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.Revision = 5;

        var response = await AddAsync(host);

        Assert.Equal(0L, response.Header.Revision);
        Assert.Equal((0xCDul, true, ""), (response.Member.ID, response.Member.IsLearner, response.Member.Name));
        Assert.Equal(["http://127.0.0.1:1"], response.Member.PeerURLs);
        Assert.Equal([0xABul, 0xCDul], response.Members.Select(m => m.ID));
    }

    [Fact]
    public async Task The_other_changes_answer_the_list()
    {
        await using var host = await ApiHost.StartAsync();

        var removed = await host.Client.CallAsync<MemberRemoveRequest, MemberRemoveResponse>(Cluster, "MemberRemove", new() { ID = 1 });
        var updated = await host.Client.CallAsync<MemberUpdateRequest, MemberUpdateResponse>(
            Cluster, "MemberUpdate", new() { ID = 2, PeerURLs = { "xx" } });
        var promoted = await host.Client.CallAsync<MemberPromoteRequest, MemberPromoteResponse>(Cluster, "MemberPromote", new() { ID = 3 });

        Assert.Equal(["remove 1", "update 2 xx", "promote 3"], host.Membership.Calls);
        Assert.Equal([0xABul], removed.Members.Select(m => m.ID));
        Assert.Equal(removed.Members, updated.Members);
        Assert.Equal(removed.Members, promoted.Members);
    }

    [Fact]
    public async Task Moving_the_leader_is_answered_without_header_behaviour_283()
    {
        await using var host = await ApiHost.StartAsync();

        var response = await host.Client.CallAsync<MoveLeaderRequest, MoveLeaderResponse>(EtcdClient.Maintenance, "MoveLeader", new() { TargetID = 7 });

        Assert.Null(response.Header);
        Assert.Equal(["move 7"], host.Membership.Calls);
    }

    [Theory]
    [InlineData(EtcdError.MemberNotEnoughStarted, StatusCode.Unknown, "etcdserver: re-configuration failed due to not enough started members")]
    [InlineData(EtcdError.PeerUrlExists, StatusCode.FailedPrecondition, "etcdserver: Peer URLs already exists")]
    [InlineData(EtcdError.MemberBadUrls, StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid")]
    [InlineData(EtcdError.TooManyLearners, StatusCode.FailedPrecondition, "etcdserver: too many learner members in cluster")]
    [InlineData(EtcdError.Unhealthy, StatusCode.Unavailable, "etcdserver: unhealthy cluster")]
    [InlineData(EtcdError.LeaderTransferTimeout, StatusCode.Unknown, "etcdserver: request timed out, leader transfer took too long")]
    public async Task Refusals_have_etcds_code_and_text(EtcdError error, StatusCode code, string text)
    {
        await using var host = await ApiHost.StartAsync();
        host.Membership.Error = error;

        await EtcdClient.ExpectAsync(code, text, () => AddAsync(host));
    }

    private static Task<MemberAddResponse> AddAsync(ApiHost host) => host.Client.CallAsync<MemberAddRequest, MemberAddResponse>(
        Cluster, "MemberAdd", new() { PeerURLs = { "http://127.0.0.1:1" }, IsLearner = true });
}
