using System.Collections.Frozen;
using System.Net;
using System.Text;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Microsoft.Extensions.Logging;
using DeleteRangeRequest = Krewe.Grains.Interfaces.Kv.DeleteRangeRequest;
using PutRequest = Krewe.Grains.Interfaces.Kv.PutRequest;

namespace Krewe.Api.Security;

/// <summary>
/// Who changed what, and what was denied to whom; off unless asked for. One record a call in the category <see cref="Category"/>, after the call. Keys are
/// named, values and passwords never.
/// </summary>
internal sealed partial class AuditLog(ApiOptions options, ILoggerFactory loggers)
{
    public const string Category = "Krewe.Audit";

    /// <summary>Longest part of a key that is shown, in bytes.</summary>
    private const int MaxShownBytes = 256;

    private static readonly FrozenSet<string> Changes = new[]
    {
        "/etcdserverpb.KV/Put", "/etcdserverpb.KV/DeleteRange", "/etcdserverpb.KV/Txn", "/etcdserverpb.KV/Compact",
        "/etcdserverpb.Lease/LeaseGrant", "/etcdserverpb.Lease/LeaseRevoke",
        "/etcdserverpb.Cluster/MemberAdd", "/etcdserverpb.Cluster/MemberRemove", "/etcdserverpb.Cluster/MemberUpdate",
        "/etcdserverpb.Cluster/MemberPromote",
        "/etcdserverpb.Maintenance/Alarm", "/etcdserverpb.Maintenance/Defragment", "/etcdserverpb.Maintenance/Snapshot",
        "/etcdserverpb.Maintenance/MoveLeader", "/etcdserverpb.Maintenance/Downgrade",
        "/etcdserverpb.Auth/AuthEnable", "/etcdserverpb.Auth/AuthDisable", "/etcdserverpb.Auth/Authenticate",
        "/etcdserverpb.Auth/UserAdd", "/etcdserverpb.Auth/UserDelete", "/etcdserverpb.Auth/UserChangePassword",
        "/etcdserverpb.Auth/UserGrantRole", "/etcdserverpb.Auth/UserRevokeRole", "/etcdserverpb.Auth/RoleAdd",
        "/etcdserverpb.Auth/RoleDelete", "/etcdserverpb.Auth/RoleGrantPermission", "/etcdserverpb.Auth/RoleRevokePermission",
        "/v3lockpb.Lock/Lock", "/v3lockpb.Lock/Unlock",
        "/v3electionpb.Election/Campaign", "/v3electionpb.Election/Proclaim", "/v3electionpb.Election/Resign",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public bool IsEnabled => options.AuditLog;

    /// <summary>Records a call that has ended, if it changes things or was denied.</summary>
    public void Record(GrpcCall call, in GrpcStatus status)
    {
        if (IsDenial(status))
        {
            LogDenied(call.Method.Path, call.User, call.RemoteAddress?.ToString(), Describe(call.Message), status.Message);
        }
        else if (Changes.Contains(call.Method.Path))
        {
            LogChange(call.Method.Path, call.User, call.RemoteAddress?.ToString(), Describe(call.Message), GrpcStatusText.Name(status.Code));
        }
    }

    /// <summary>Records a watch that was refused or ended for want of permission. Asks nothing of the request, which may be over by now.</summary>
    public void RecordWatch(GrpcCall call, IPAddress? remoteAddress, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd, string reason)
    {
        if (IsEnabled)
        {
            LogDenied(call.Method.Path, call.User, remoteAddress?.ToString(), Keys(key, rangeEnd), reason);
        }
    }

    private static bool IsDenial(in GrpcStatus status) =>
        status.Code is StatusCode.PermissionDenied or StatusCode.Unauthenticated
        || (status.Code == StatusCode.InvalidArgument && status.Message is { } text
            && (text.StartsWith("etcdserver: authentication failed", StringComparison.Ordinal)
                || text is "etcdserver: user name is empty" or "etcdserver: revision of auth store is old"));

    private static string Describe(object? message) => message switch
    {
        PutRequest put => Keys(put.Key.Span, default),
        DeleteRangeRequest delete => Keys(delete.Key.Span, delete.RangeEnd.Span),
        Grains.Interfaces.Kv.RangeRequest range => Keys(range.Key.Span, range.RangeEnd.Span),
        LeaseGrantRequest grant => $"lease={grant.ID} ttl={grant.TTL}",
        LeaseRevokeRequest revoke => $"lease={revoke.ID}",
        CompactionRequest compaction => $"revision={compaction.Revision}",
        MemberAddRequest member => $"urls={string.Join(',', member.PeerURLs)}",
        MemberRemoveRequest member => $"member={member.ID:x}",
        MemberUpdateRequest member => $"member={member.ID:x} urls={string.Join(',', member.PeerURLs)}",
        MemberPromoteRequest member => $"member={member.ID:x}",
        AlarmRequest alarm => $"action={alarm.Action} alarm={alarm.Alarm} member={alarm.MemberID:x}",
        MoveLeaderRequest move => $"member={move.TargetID:x}",
        AuthenticateRequest authenticate => $"user={authenticate.Name}",
        AuthUserAddRequest add => $"user={add.Name}",
        AuthUserDeleteRequest delete => $"user={delete.Name}",
        AuthUserChangePasswordRequest change => $"user={change.Name}",
        AuthUserGrantRoleRequest grant => $"user={grant.User} role={grant.Role}",
        AuthUserRevokeRoleRequest revoke => $"user={revoke.Name} role={revoke.Role}",
        AuthRoleAddRequest add => $"role={add.Name}",
        AuthRoleDeleteRequest delete => $"role={delete.Role}",
        AuthRoleGrantPermissionRequest { Perm: { } perm } grant =>
            $"role={grant.Name} permission={perm.PermType} {Keys(perm.Key.Span, perm.RangeEnd.Span)}",
        AuthRoleRevokePermissionRequest revoke => $"role={revoke.Role} {Keys(revoke.Key.Span, revoke.RangeEnd.Span)}",
        _ => "",
    };

    private static string Keys(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) =>
        rangeEnd.IsEmpty ? $"key={Show(key)}" : $"key={Show(key)} range_end={Show(rangeEnd)}";

    /// <summary>Printable ASCII as it is, all else as \xNN, so that a key can not break a line or forge a field.</summary>
    private static string Show(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder(key.Length);
        foreach (var one in key[..Math.Min(key.Length, MaxShownBytes)])
        {
            if (one is > (byte)' ' and < 0x7f and not (byte)'\\')
            {
                text.Append((char)one);
            }
            else
            {
                text.Append("\\x").Append(one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return key.Length > MaxShownBytes ? text.Append("...").ToString() : text.ToString();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "audit: {Method} by {User} from {Remote}: {Target}: {Code}")]
    private partial void LogChange(string method, string? user, string? remote, string target, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "audit: denied {Method} by {User} from {Remote}: {Target}: {Reason}")]
    private partial void LogDenied(string method, string? user, string? remote, string target, string? reason);
}
