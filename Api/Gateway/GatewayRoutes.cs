using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;
using Krewe.Api.Grpc;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;

namespace Krewe.Api.Gateway;

/// <summary>The REST paths of etcd's JSON gateway (rpcs.tsv, behaviour 322); all are POST.</summary>
internal sealed class GatewayRoutes
{
    /// <summary>Every path is below it.</summary>
    public const string Root = "/v3";

    /// <summary>Clients of etcd 3.3 ask here; the same paths are below it.</summary>
    public const string BetaRoot = "/v3beta";

    private const string Kv = "/etcdserverpb.KV/";
    private const string Lease = "/etcdserverpb.Lease/";
    private const string Cluster = "/etcdserverpb.Cluster/";
    private const string Maintenance = "/etcdserverpb.Maintenance/";
    private const string Auth = "/etcdserverpb.Auth/";
    private const string Locks = "/v3lockpb.Lock/";
    private const string Election = "/v3electionpb.Election/";

    private static readonly (string Path, string Method)[] Paths =
    [
        ("/kv/range", Kv + "Range"), ("/kv/put", Kv + "Put"), ("/kv/deleterange", Kv + "DeleteRange"),
        ("/kv/txn", Kv + "Txn"), ("/kv/compaction", Kv + "Compact"),
        ("/watch", "/etcdserverpb.Watch/Watch"),
        ("/lease/grant", Lease + "LeaseGrant"), ("/lease/keepalive", Lease + "LeaseKeepAlive"),
        ("/lease/revoke", Lease + "LeaseRevoke"), ("/kv/lease/revoke", Lease + "LeaseRevoke"),
        ("/lease/timetolive", Lease + "LeaseTimeToLive"), ("/kv/lease/timetolive", Lease + "LeaseTimeToLive"),
        ("/lease/leases", Lease + "LeaseLeases"), ("/kv/lease/leases", Lease + "LeaseLeases"),
        ("/cluster/member/add", Cluster + "MemberAdd"), ("/cluster/member/remove", Cluster + "MemberRemove"),
        ("/cluster/member/update", Cluster + "MemberUpdate"), ("/cluster/member/list", Cluster + "MemberList"),
        ("/cluster/member/promote", Cluster + "MemberPromote"),
        ("/maintenance/alarm", Maintenance + "Alarm"), ("/maintenance/status", Maintenance + "Status"),
        ("/maintenance/defragment", Maintenance + "Defragment"), ("/maintenance/hash", Maintenance + "Hash"),
        ("/maintenance/hashkv", Maintenance + "HashKV"), ("/maintenance/snapshot", Maintenance + "Snapshot"),
        ("/maintenance/transfer-leadership", Maintenance + "MoveLeader"), ("/maintenance/downgrade", Maintenance + "Downgrade"),
        ("/auth/enable", Auth + "AuthEnable"), ("/auth/disable", Auth + "AuthDisable"), ("/auth/status", Auth + "AuthStatus"),
        ("/auth/authenticate", Auth + "Authenticate"),
        ("/auth/user/add", Auth + "UserAdd"), ("/auth/user/get", Auth + "UserGet"), ("/auth/user/list", Auth + "UserList"),
        ("/auth/user/delete", Auth + "UserDelete"), ("/auth/user/changepw", Auth + "UserChangePassword"),
        ("/auth/user/grant", Auth + "UserGrantRole"), ("/auth/user/revoke", Auth + "UserRevokeRole"),
        ("/auth/role/add", Auth + "RoleAdd"), ("/auth/role/get", Auth + "RoleGet"), ("/auth/role/list", Auth + "RoleList"),
        ("/auth/role/delete", Auth + "RoleDelete"), ("/auth/role/grant", Auth + "RoleGrantPermission"),
        ("/auth/role/revoke", Auth + "RoleRevokePermission"),
        ("/lock/lock", Locks + "Lock"), ("/lock/unlock", Locks + "Unlock"),
        ("/election/campaign", Election + "Campaign"), ("/election/proclaim", Election + "Proclaim"),
        ("/election/leader", Election + "Leader"), ("/election/observe", Election + "Observe"), ("/election/resign", Election + "Resign"),
    ];

    private readonly FrozenDictionary<string, GatewayRoute> _routes;

    public GatewayRoutes(GrpcMethodTable table)
    {
        var methods = table.Methods.ToDictionary(m => m.Path, StringComparer.Ordinal);
        var types = Descriptors().ToDictionary(GrpcMethod.PathOf, StringComparer.Ordinal);
        _routes = Paths.ToFrozenDictionary(
            p => p.Path,
            p => new GatewayRoute(methods[p.Method], types[p.Method].InputType, types[p.Method].OutputType),
            StringComparer.Ordinal);
    }

    /// <summary>Finds the route of a path with either root.</summary>
    public bool TryFind(string path, [NotNullWhen(true)] out GatewayRoute? route)
    {
        var root = path.StartsWith(BetaRoot + "/", StringComparison.Ordinal) ? BetaRoot : Root;
        return _routes.TryGetValue(path[root.Length..], out route);
    }

    private static IEnumerable<MethodDescriptor> Descriptors() =>
        new[] { RpcReflection.Descriptor, LockReflection.Descriptor, ElectionReflection.Descriptor }
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods);
}
