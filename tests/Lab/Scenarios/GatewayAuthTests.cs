using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Scenarios;

/// <summary>Users of a gateway in front of three members.</summary>
public sealed class GatewayAuthTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Tokens are the cluster's, and a watch goes on by its token when the member behind the gateway is lost, until its user may not read any more.</summary>
    [Fact]
    public async Task Tokens_are_good_at_gateway_and_members_alike_and_watches_live_and_die_with_permissions()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(ServerKind.Krewe, 3);
        await using var gateway = await LabGateway.StartAsync(cluster);
        var auth = new Auth.AuthClient(gateway.Channel);
        await EnableAsync(auth);
        var root = await TokenAsync(auth, "root");
        var alice = await TokenAsync(auth, "alice");
        var bob = await TokenAsync(new Auth.AuthClient(cluster.Members[1].Channel), "bob");
        var kv = new KV.KVClient(gateway.Channel);
        await kv.PutAsync(Put("k1"), alice);
        foreach (var member in cluster.Members)
        {
            await member.Kv.PutAsync(Put("k2"), alice);
        }

        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => kv.PutAsync(Put("k3"), bob).ResponseAsync)).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => kv.PutAsync(Put("k3")).ResponseAsync)).StatusCode);

        using var watch = new Watch.WatchClient(gateway.Channel).Watch(alice);
        using var strangers = new Watch.WatchClient(gateway.Channel).Watch(bob);
        await WatchAsync(watch);
        Assert.True((await NextAsync(watch)).Created);
        await WatchAsync(strangers);
        Assert.Contains("permission denied", (await NextAsync(strangers)).CancelReason, StringComparison.Ordinal);

        // Simple tokens are in the memory of all members, and die with each.
        await (await WatchedMemberAsync(cluster)).KillAsync();
        var revision = await PutAsync(kv, root);
        var answer = await NextAsync(watch);
        while (answer.Events.All(change => change.Kv.ModRevision < revision))
        {
            Assert.False(answer.Canceled, answer.CancelReason);
            answer = await NextAsync(watch);
        }

        await RepeatAsync(() => auth.UserRevokeRoleAsync(new AuthUserRevokeRoleRequest { Name = "alice", Role = "r" }, root).ResponseAsync);
        Assert.Contains("permission denied", (await NextAsync(watch)).CancelReason, StringComparison.Ordinal);
    }

    private static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    private static PutRequest Put(string key) => new() { Key = Key(key), Value = Key("v") };

    private static async Task EnableAsync(Auth.AuthClient auth)
    {
        await auth.RoleAddAsync(new AuthRoleAddRequest { Name = "r" });
        await auth.RoleGrantPermissionAsync(new AuthRoleGrantPermissionRequest
        {
            Name = "r",
            Perm = new Permission { PermType = Permission.Types.Type.Readwrite, Key = Key("k"), RangeEnd = Key("l") },
        });
        foreach (var user in new[] { "root", "alice", "bob" })
        {
            await auth.UserAddAsync(new AuthUserAddRequest { Name = user, Password = user });
        }

        await auth.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "alice", Role = "r" });
        await auth.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "root", Role = "root" });
        await auth.AuthEnableAsync(new AuthEnableRequest());
    }

    private static async Task<Metadata> TokenAsync(Auth.AuthClient auth, string user) =>
        new() { { "token", (await auth.AuthenticateAsync(new AuthenticateRequest { Name = user, Password = user })).Token } };

    private static Task WatchAsync(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call) => call.RequestStream.WriteAsync(
        new WatchRequest { CreateRequest = new WatchCreateRequest { Key = Key("k"), RangeEnd = Key("l") } });

    /// <summary>The member that the gateway's shared watch is on.</summary>
    private static async Task<LabMember> WatchedMemberAsync(ClusterUnderTest cluster)
    {
        using var http = new HttpClient();
        foreach (var member in cluster.Members)
        {
            var metrics = await http.GetStringAsync(new Uri(new Uri(member.Address.ClientUrl), "/metrics"));
            if (metrics.Contains("etcd_debugging_mvcc_watcher_total 1\n", StringComparison.Ordinal))
            {
                return member;
            }
        }

        throw new InvalidOperationException("no member has a watcher");
    }

    private static async Task<WatchResponse> NextAsync(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call)
    {
        using var limit = new CancellationTokenSource(Patience);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        return call.ResponseStream.Current;
    }

    private static async Task<long> PutAsync(KV.KVClient kv, Metadata token) =>
        (await RepeatAsync(() => kv.PutAsync(Put("k4"), token, DateTime.UtcNow.AddSeconds(10)).ResponseAsync)).Header.Revision;

    /// <summary>While a member is lost calls may fail, or their outcome be unknown.</summary>
    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && !limit.IsCancellationRequested)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(e.Status.Detail);
            }
        }
    }
}
