using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;
using Krewe.Api.Tests.Security;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Tests.Relay;

/// <summary>What a member does with the RPCs that a gateway passes on.</summary>
public sealed class LocalRpcsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, StatusCode.InvalidArgument)]
    [InlineData("nonsense", StatusCode.Unauthenticated)]
    [InlineData("reader-token", StatusCode.PermissionDenied)]
    [InlineData("writer-token", StatusCode.OK)]
    public async Task The_token_is_judged_by_the_member(string? token, StatusCode expected)
    {
        await using var host = await GuardedHost.StartAsync();
        var reply = await host.Rpcs.CallAsync(Request("/etcdserverpb.KV/Put", new PutRequest { Key = GuardedHost.Key("k") }, token), Stop);
        Assert.Equal(expected, (StatusCode)reply.Code);
        Assert.Equal(expected == StatusCode.OK, !reply.Payload.IsEmpty && PutResponse.Parser.ParseFrom(reply.Payload.Span).Header is not null);
    }

    [Fact]
    public async Task A_learner_serves_what_is_for_the_cluster()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.IsLearner = true;
        var put = new PutRequest { Key = GuardedHost.Key("k") };
        Assert.Equal(StatusCode.OK, (StatusCode)(await host.Rpcs.CallAsync(Request("/etcdserverpb.KV/Put", put), Stop)).Code);
        await Assert.ThrowsAsync<RpcException>(() => host.Client.PutAsync(put));
    }

    [Fact]
    public async Task Leadership_is_moved_wherever_the_leader_is()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Rpcs.CallAsync(Request("/etcdserverpb.Maintenance/MoveLeader", new MoveLeaderRequest { TargetID = 7 }), Stop);
        Assert.Contains("move 7 from any member", host.Membership.Calls);
    }

    [Theory]
    [InlineData("/etcdserverpb.Watch/Watch")]
    [InlineData("/etcdserverpb.KV/RangeStream")]
    [InlineData("/no/such")]
    public async Task What_does_not_answer_once_can_not_be_called(string path)
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(StatusCode.Unimplemented, (StatusCode)(await host.Rpcs.CallAsync(new RpcRequest(path, null, default), Stop)).Code);
    }

    [Fact]
    public async Task A_stream_is_fetched_in_parts_and_ends_with_its_status()
    {
        await using var host = await ApiHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await host.Client.PutAsync($"k{i:00}", new string('v', 10_000));
        }

        await using var stream = host.Rpcs.Open(
            Request("/etcdserverpb.KV/RangeStream", new RangeRequest { Key = GuardedHost.Key("k"), RangeEnd = GuardedHost.Key("l") }));
        var kvs = 0;
        RpcPart part;
        do
        {
            part = await stream.ReadAsync(maxBytes: 1, Stop);
            Assert.True(part.Payloads.Count <= 1);
            kvs += part.Payloads.Sum(static payload => RangeStreamResponse.Parser.ParseFrom(payload.Span).RangeResponse.Kvs.Count);
        }
        while (part.End is null);

        Assert.Equal((0, 50), (part.End.Code, kvs));
    }

    [Fact]
    public async Task A_member_that_stops_says_so_by_an_exception_so_that_another_is_asked()
    {
        await using var host = await ApiHost.StartAsync();
        host.Keyspace.Failure = EtcdError.Stopped;
        var stopped = await Assert.ThrowsAsync<EtcdException>(
            async () => await host.Rpcs.CallAsync(Request("/etcdserverpb.KV/Range", new RangeRequest { Key = GuardedHost.Key("k") }), Stop));
        Assert.Equal(EtcdError.Stopped, stopped.Error);
    }

    [Fact]
    public async Task Silos_are_told_to_users_while_auth_is_enabled()
    {
        await using var host = await GuardedHost.StartAsync();
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/krewe/silos");
        ask.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("gate:way")));
        using var told = await host.Http.SendAsync(ask, Stop);
        Assert.True(told.IsSuccessStatusCode);

        host.Auth.Failure = EtcdError.AuthFailed;
        using var other = new HttpRequestMessage(HttpMethod.Get, "/krewe/silos");
        other.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("gate:wrong")));
        using var refused = await host.Http.SendAsync(other, Stop);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static RpcRequest Request(string path, IMessage message, string? token = null) => new(path, token, message.ToByteArray());
}
