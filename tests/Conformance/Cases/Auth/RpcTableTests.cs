using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Every RPC with every kind of caller, against a running Krewe.</summary>
public sealed class RpcTableTests
{
    private const string Empty = "etcdserver: user name is empty";
    private const string Invalid = "etcdserver: invalid auth token";
    private const string Denied = "etcdserver: permission denied";

    /// <summary>What a call asks of its caller.</summary>
    private enum Needs
    {
        Nothing,

        /// <summary>Nothing, but a bad token is refused.</summary>
        NoBadToken,
        AnyUser,

        /// <summary>A permission that alice has and bob has not.</summary>
        Keys,
        Root,
    }

    /// <summary>One RPC: what it needs and a request with which only the caller can be at fault.</summary>
    private sealed record Row(string Path, Needs Needs, Func<IMessage> Request);

    private static readonly Row[] Rows =
    [
        new("etcdserverpb.KV/Range", Needs.Keys, () => Range("a")),
        new("etcdserverpb.KV/RangeStream", Needs.Keys, () => Range("a")),
        new("etcdserverpb.KV/Put", Needs.Keys, () => Put("b")),
        new("etcdserverpb.KV/DeleteRange", Needs.Keys, () => Delete("b")),
        new("etcdserverpb.KV/Txn", Needs.Keys, () => Do(Op(Put("b")))),
        new("etcdserverpb.KV/Compact", Needs.Root, () => new CompactionRequest { Revision = 2 }),
        new("etcdserverpb.Watch/Watch", Needs.Keys, () => new WatchRequest { CreateRequest = WatchKey("b") }),
        new("etcdserverpb.Lease/LeaseGrant", Needs.AnyUser, () => new LeaseGrantRequest { TTL = 600 }),
        new("etcdserverpb.Lease/LeaseKeepAlive", Needs.Keys, () => new LeaseKeepAliveRequest { ID = 77 }),
        new("etcdserverpb.Lease/LeaseTimeToLive", Needs.Keys, () => new LeaseTimeToLiveRequest { ID = 77, Keys = true }),
        new("etcdserverpb.Lease/LeaseLeases", Needs.Keys, () => new LeaseLeasesRequest()),
        new("etcdserverpb.Lease/LeaseRevoke", Needs.Keys, () => new LeaseRevokeRequest { ID = 77 }),
        new("etcdserverpb.Cluster/MemberAdd", Needs.Root, () => new MemberAddRequest { PeerURLs = { "bad" } }),
        new("etcdserverpb.Cluster/MemberRemove", Needs.Root, () => new MemberRemoveRequest { ID = 1 }),
        new("etcdserverpb.Cluster/MemberUpdate", Needs.Root, () => new MemberUpdateRequest { ID = 1 }),
        new("etcdserverpb.Cluster/MemberList", Needs.AnyUser, () => new MemberListRequest()),
        new("etcdserverpb.Cluster/MemberPromote", Needs.Root, () => new MemberPromoteRequest { ID = 1 }),
        new("etcdserverpb.Maintenance/Alarm", Needs.AnyUser, () => new AlarmRequest()),
        new("etcdserverpb.Maintenance/Alarm", Needs.Root, () => new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Deactivate, Alarm = AlarmType.Nospace }),
        new("etcdserverpb.Maintenance/Status", Needs.AnyUser, () => new StatusRequest()),
        new("etcdserverpb.Maintenance/Defragment", Needs.Root, () => new DefragmentRequest()),
        new("etcdserverpb.Maintenance/Hash", Needs.Root, () => new HashRequest()),
        new("etcdserverpb.Maintenance/HashKV", Needs.Root, () => new HashKVRequest()),
        new("etcdserverpb.Maintenance/Snapshot", Needs.Root, () => new SnapshotRequest()),
        new("etcdserverpb.Maintenance/MoveLeader", Needs.Root, () => new MoveLeaderRequest { TargetID = 1 }),
        new("etcdserverpb.Maintenance/Downgrade", Needs.Root, () => new DowngradeRequest { Version = "3.6" }),
        new("etcdserverpb.Auth/AuthEnable", Needs.Root, () => new AuthEnableRequest()),
        new("etcdserverpb.Auth/AuthStatus", Needs.NoBadToken, () => new AuthStatusRequest()),
        new("etcdserverpb.Auth/Authenticate", Needs.Nothing, () => new AuthenticateRequest { Name = "root", Password = "root" }),
        new("etcdserverpb.Auth/UserAdd", Needs.Root, () => new AuthUserAddRequest { Name = "new", Password = "new" }),
        new("etcdserverpb.Auth/UserGet", Needs.Keys, () => new AuthUserGetRequest { Name = "alice" }),
        new("etcdserverpb.Auth/UserList", Needs.Root, () => new AuthUserListRequest()),
        new("etcdserverpb.Auth/UserChangePassword", Needs.Root, () => new AuthUserChangePasswordRequest { Name = "new", Password = "x" }),
        new("etcdserverpb.Auth/UserGrantRole", Needs.Root, () => new AuthUserGrantRoleRequest { User = "new", Role = "r1" }),
        new("etcdserverpb.Auth/UserRevokeRole", Needs.Root, () => new AuthUserRevokeRoleRequest { Name = "new", Role = "r1" }),
        new("etcdserverpb.Auth/UserDelete", Needs.Root, () => new AuthUserDeleteRequest { Name = "new" }),
        new("etcdserverpb.Auth/RoleAdd", Needs.Root, () => new AuthRoleAddRequest { Name = "r2" }),
        new("etcdserverpb.Auth/RoleGet", Needs.Keys, () => new AuthRoleGetRequest { Role = "r1" }),
        new("etcdserverpb.Auth/RoleList", Needs.Root, () => new AuthRoleListRequest()),
        new("etcdserverpb.Auth/RoleGrantPermission", Needs.Root, () => new AuthRoleGrantPermissionRequest
        {
            Name = "r2",
            Perm = AuthScript.Perm(Api.Protos.Auth.Permission.Types.Type.Read, "k"),
        }),
        new("etcdserverpb.Auth/RoleRevokePermission", Needs.Root, () => new AuthRoleRevokePermissionRequest { Role = "r2", Key = Utf8("k") }),
        new("etcdserverpb.Auth/RoleDelete", Needs.Root, () => new AuthRoleDeleteRequest { Role = "r2" }),

        // Last: nothing is checked after it.
        new("etcdserverpb.Auth/AuthDisable", Needs.Root, () => new AuthDisableRequest()),
    ];

    [Fact]
    public void The_table_has_every_method() =>
        Assert.Empty(RpcReflection.Descriptor.Services.SelectMany(s => s.Methods.Select(m => $"{s.FullName}/{m.Name}")).Except(Rows.Select(r => r.Path)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_rpc_takes_and_refuses_whom_it_should(bool behindGateway)
    {
        await using var server = await ServerProcess.StartAsync(
            new ServerOptions(ServerKind.Krewe, null, ["--bcrypt-cost=4", "--auth-token-ttl=5"], BehindGateway: behindGateway));
        await using var run = await CaseRun.BeginAsync(server, clean: false);
        var auth = new AuthScript(run);
        await auth.EnableAsync();
        var expired = await auth.TokenAsync("root");
        await PrepareAsync(server, await auth.AsAsync("root"));
        await CaseRun.Until("the token expires", () => IsExpiredAsync(server, expired));
        var failures = new List<string>();
        foreach (var row in Rows)
        {
            await CheckAsync("no token", []);
            await CheckAsync("bad token", AuthScript.With("abcdefghijklmnop.1"));
            await CheckAsync("expired", AuthScript.With(expired));
            await CheckAsync("wrong role", await auth.AsAsync("bob"));
            await CheckAsync("right role", await auth.AsAsync("alice"));
            await CheckAsync("root", await auth.AsAsync("root"));

            async Task CheckAsync(string caller, Metadata headers)
            {
                var refusal = await CallAsync(server, row, headers);
                var expected = Expected(row.Needs, caller);
                if (refusal != expected)
                {
                    failures.Add($"{row.Path} ({row.Needs}) with {caller}: \"{refusal}\", expected \"{expected}\"");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static string Expected(Needs needs, string caller) => (needs, caller) switch
    {
        (Needs.Nothing, _) => "",
        (Needs.NoBadToken, "no token") => "",
        (_, "no token") => Empty,
        (_, "bad token" or "expired") => Invalid,
        (Needs.Keys, "wrong role") => Denied,
        (Needs.Root, "wrong role" or "right role") => Denied,
        _ => "",
    };

    /// <summary>A lease with a key that alice may read and write and bob may not.</summary>
    private static async Task PrepareAsync(ServerProcess server, Metadata root)
    {
        await server.Target.Lease.LeaseGrantAsync(new LeaseGrantRequest { ID = 77, TTL = 600 }, root);
        await server.Target.Kv.PutAsync(Put("bb", "v", 77), root);
    }

    private static async Task<bool> IsExpiredAsync(ServerProcess server, string token)
    {
        // Not by using it, which would renew it: time is what it needs.
        await Task.Delay(TimeSpan.FromSeconds(5.5));
        return await CallAsync(server, Rows[0], AuthScript.With(token)) == Invalid;
    }

    /// <summary>The text of a refusal for want of permission; empty for an answer, and for any other error, which comes after the checks.</summary>
    private static async Task<string> CallAsync(ServerProcess server, Row row, Metadata headers)
    {
        var parts = row.Path.Split('/');
        var method = RpcReflection.Descriptor.Services.Single(s => s.FullName == parts[0]).Methods.Single(m => m.Name == parts[1]);
        using var call = Start(server, method, headers);
        try
        {
            await SendAsync(call, row.Request().ToByteArray(), isWhole: !method.IsClientStreaming);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return await call.ResponseStream.MoveNext(limit.Token) && row.Path.EndsWith("/Watch", StringComparison.Ordinal)
                ? WatchRefusal(WatchResponse.Parser.ParseFrom(call.ResponseStream.Current))
                : "";
        }
        catch (RpcException e)
        {
            return e.Status.Detail is Empty or Invalid or Denied ? e.Status.Detail : "";
        }
    }

    /// <summary>A stream may be refused before its first message; what the answer was is for the reader to say.</summary>
    private static async Task SendAsync(AsyncDuplexStreamingCall<byte[], byte[]> call, byte[] request, bool isWhole)
    {
        try
        {
            await call.RequestStream.WriteAsync(request);
            if (isWhole)
            {
                await call.RequestStream.CompleteAsync();
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The call is over.
        }
    }

    private static string WatchRefusal(WatchResponse answer) => answer.CancelReason.Split("desc = ")[^1];

    private static AsyncDuplexStreamingCall<byte[], byte[]> Start(ServerProcess server, MethodDescriptor method, Metadata headers)
    {
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        return server.Target.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Service.FullName, method.Name, bytes, bytes),
            null,
            new CallOptions(headers, CaseRun.Deadline()));
    }
}
