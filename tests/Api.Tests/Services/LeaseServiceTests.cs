using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Services;

public sealed class LeaseServiceTests
{
    [Fact]
    public async Task Grants_answer_id_ttl_and_header()
    {
        await using var host = await ApiHost.StartAsync();

        var chosen = await GrantAsync(host, 0, 60);
        var negative = await GrantAsync(host, -5, 60);

        Assert.Equal((4711L, 60L, 1L, ""), (chosen.ID, chosen.TTL, chosen.Header.Revision, chosen.Error));
        Assert.Equal(-5, negative.ID);
        await EtcdClient.ExpectAsync(StatusCode.FailedPrecondition, "etcdserver: lease already exists", () => GrantAsync(host, -5, 60));
    }

    [Fact]
    public async Task Revoking_answers_the_revision_and_an_unknown_lease_is_an_error_behaviour_167()
    {
        await using var host = await ApiHost.StartAsync();
        await GrantAsync(host, 7, 60);

        var response = await RevokeAsync(host, 7);

        Assert.Equal(2, response.Header.Revision);
        await EtcdClient.ExpectAsync(StatusCode.NotFound, "etcdserver: requested lease not found", () => RevokeAsync(host, 7));
    }

    [Fact]
    public async Task Keepalives_are_answered_in_order_with_the_revision_of_before_behaviours_170_171_173_174()
    {
        await using var host = await ApiHost.StartAsync();
        await GrantAsync(host, 7, 60);
        using var call = host.Client.KeepAlive();

        var known = await KeepAliveAsync(call, 7);
        var unknown = await KeepAliveAsync(call, 8);

        Assert.Equal((7L, 60L, 1L), (known.ID, known.TTL, known.Header.Revision));
        Assert.Equal((8L, 0L, 2L), (unknown.ID, unknown.TTL, unknown.Header.Revision));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_keepalive_without_a_leader_ends_the_stream_behaviour_176()
    {
        await using var host = await ApiHost.StartAsync();
        host.Leases.Failure = EtcdError.NoLeader;
        using var call = host.Client.KeepAlive();

        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: no leader", () => KeepAliveAsync(call, 7));
    }

    [Fact]
    public async Task Time_to_live_lists_keys_on_request_and_tells_unknown_leases_behaviours_181_182()
    {
        await using var host = await ApiHost.StartAsync();
        await GrantAsync(host, 7, 60);
        host.Leases.Keys[7] = ["a"u8.ToArray(), "b"u8.ToArray()];

        var without = await TimeToLiveAsync(host, 7, false);
        var with = await TimeToLiveAsync(host, 7, true);
        var unknown = await TimeToLiveAsync(host, 9, true);

        Assert.Equal((59L, 60L, 0), (without.TTL, without.GrantedTTL, without.Keys.Count));
        Assert.Equal(["a", "b"], with.Keys.Select(k => k.ToStringUtf8()));
        Assert.Equal((9L, -1L, 0L), (unknown.ID, unknown.TTL, unknown.GrantedTTL));
    }

    [Fact]
    public async Task Leases_are_listed()
    {
        await using var host = await ApiHost.StartAsync();
        await GrantAsync(host, 7, 60);
        await GrantAsync(host, 8, 60);

        var response = await host.Client.CallAsync<LeaseLeasesRequest, LeaseLeasesResponse>(EtcdClient.Lease, "LeaseLeases", new());

        Assert.Equal([7L, 8L], response.Leases.Select(l => l.ID).Order());
    }

    private static Task<LeaseGrantResponse> GrantAsync(ApiHost host, long id, long ttl) =>
        host.Client.CallAsync<LeaseGrantRequest, LeaseGrantResponse>(EtcdClient.Lease, "LeaseGrant", new() { ID = id, TTL = ttl });

    private static Task<LeaseRevokeResponse> RevokeAsync(ApiHost host, long id) =>
        host.Client.CallAsync<LeaseRevokeRequest, LeaseRevokeResponse>(EtcdClient.Lease, "LeaseRevoke", new() { ID = id });

    private static Task<LeaseTimeToLiveResponse> TimeToLiveAsync(ApiHost host, long id, bool keys) =>
        host.Client.CallAsync<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse>(
            EtcdClient.Lease, "LeaseTimeToLive", new() { ID = id, Keys = keys });

    private static async Task<LeaseKeepAliveResponse> KeepAliveAsync(
        AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call, long id)
    {
        await call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = id });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current;
    }
}
