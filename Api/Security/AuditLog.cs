using System.Collections.Frozen;
using System.Net;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Security;

/// <summary>
/// Who changed what, and what was denied to whom; off unless asked for. One record a call in the category <see cref="Category"/>, after the call. Keys are
/// named, values and passwords never.
/// </summary>
internal sealed partial class AuditLog(ApiOptions options, ILoggerFactory loggers)
{
    public const string Category = "Krewe.Audit";

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

    private static readonly FrozenSet<string> Denials = new[]
    {
        EtcdError.PermissionDenied, EtcdError.InvalidAuthToken, EtcdError.UserEmpty, EtcdError.AuthOldRevision, EtcdError.AuthFailed,
        EtcdError.NoPasswordUser,
    }.Select(ErrorMapping.Text).ToFrozenSet(StringComparer.Ordinal);

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public bool IsEnabled => options.AuditLog;

    /// <summary>Records a call that has ended, if it changes things or was denied.</summary>
    public void Record(GrpcCall call, in GrpcStatus status)
    {
        if (IsDenial(status))
        {
            LogDenied(call.Method.Path, AuditTarget.Name(call.User), call.RemoteAddress?.ToString(), AuditTarget.Of(call.Message), status.Message);
        }
        else if (Changes.Contains(call.Method.Path))
        {
            LogChange(call.Method.Path, AuditTarget.Name(call.User), call.RemoteAddress?.ToString(), AuditTarget.Of(call.Message), GrpcStatusText.Name(status.Code));
        }
    }

    /// <summary>Records a watch that was refused or ended for want of permission. Asks nothing of the request, which may be over by now.</summary>
    public void RecordWatch(GrpcCall call, IPAddress? remoteAddress, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd, string reason)
    {
        if (IsEnabled)
        {
            LogDenied(call.Method.Path, AuditTarget.Name(call.User), remoteAddress?.ToString(), AuditTarget.Keys(key, rangeEnd), reason);
        }
    }

    // Lock and Election lose their codes (behaviour 297), and some refusals have none of their own: what was denied shows in the text.
    private static bool IsDenial(in GrpcStatus status) =>
        status.Code is StatusCode.PermissionDenied or StatusCode.Unauthenticated
        || (status.Code is StatusCode.InvalidArgument or StatusCode.Unknown && status.Message is { } text && Denials.Contains(text));

    [LoggerMessage(Level = LogLevel.Information, Message = "audit: {Method} by {User} from {Remote}: {Target}: {Code}")]
    private partial void LogChange(string method, string? user, string? remote, string target, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "audit: denied {Method} by {User} from {Remote}: {Target}: {Reason}")]
    private partial void LogDenied(string method, string? user, string? remote, string target, string? reason);
}
