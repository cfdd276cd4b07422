using System.Buffers;
using System.Collections.Frozen;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Relay;

/// <summary>What a gateway may ask of another member when the one that it asked is lost, and what it must be patient with.</summary>
internal static class RepeatRules
{
    private static readonly FrozenSet<string> Repeatable = new[]
    {
        "/etcdserverpb.KV/Range", "/etcdserverpb.KV/RangeStream",
        "/etcdserverpb.Lease/LeaseKeepAlive", "/etcdserverpb.Lease/LeaseTimeToLive", "/etcdserverpb.Lease/LeaseLeases",
        "/etcdserverpb.Cluster/MemberList",
        "/etcdserverpb.Maintenance/Status", "/etcdserverpb.Maintenance/Hash", "/etcdserverpb.Maintenance/HashKV",
        "/etcdserverpb.Maintenance/Defragment", "/etcdserverpb.Maintenance/Snapshot",
        "/etcdserverpb.Auth/AuthStatus", "/etcdserverpb.Auth/Authenticate", "/etcdserverpb.Auth/UserGet", "/etcdserverpb.Auth/UserList",
        "/etcdserverpb.Auth/RoleGet", "/etcdserverpb.Auth/RoleList",
        "/v3electionpb.Election/Leader", "/v3electionpb.Election/Observe",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Those whose answer may be long in coming: a member that hangs must show all the same.</summary>
    private static readonly FrozenSet<string> Long = new[]
    {
        "/etcdserverpb.KV/Compact",
        "/etcdserverpb.Cluster/MemberAdd", "/etcdserverpb.Cluster/MemberRemove", "/etcdserverpb.Cluster/MemberUpdate",
        "/etcdserverpb.Cluster/MemberPromote",
        "/etcdserverpb.Maintenance/Hash", "/etcdserverpb.Maintenance/HashKV", "/etcdserverpb.Maintenance/Defragment",
        "/etcdserverpb.Maintenance/MoveLeader",
        "/v3lockpb.Lock/Lock", "/v3electionpb.Election/Campaign",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool TakesTime(string path) => Long.Contains(path);

    /// <summary>Whether an RPC does no harm when it is done twice.</summary>
    public static Func<RpcRequest, bool> Of(string path) => path switch
    {
        "/etcdserverpb.KV/Txn" => static request => Reads(PayloadDecoder.Read(new ReadOnlySequence<byte>(request.Payload), TxnRequestDecoder.Decode)),
        "/etcdserverpb.Maintenance/Alarm" =>
            static request => AlarmRequest.Parser.ParseFrom(request.Payload.Span).Action == AlarmRequest.Types.AlarmAction.Get,
        _ when Repeatable.Contains(path) => static _ => true,
        _ => static _ => false,
    };

    private static bool Reads(Grains.Interfaces.Kv.TxnRequest txn) => txn.Success.All(Reads) && txn.Failure.All(Reads);

    private static bool Reads(KvOperation operation) => operation switch
    {
        Grains.Interfaces.Kv.RangeRequest => true,
        Grains.Interfaces.Kv.TxnRequest txn => Reads(txn),
        _ => false,
    };
}
