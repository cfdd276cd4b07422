using System.Net;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Watch;

/// <summary>
/// May the watchers of one stream see what they watch? Asked when a watcher is made (behaviours 152-154) and, other than in etcd (155), again whenever
/// permissions have changed: before events are sent, and by <see cref="WatchPermissionSweep"/> for watchers that have none to send.
/// </summary>
internal sealed class WatchPermissions(GrpcCall call, IWatchStream stream, WatcherTable watchers, AuthGuard guard, AuditLog audit)
{
    // Read while the call lasts: a sweep may still come when the request is gone.
    private readonly IPAddress? _remoteAddress = call.RemoteAddress;

    /// <summary>
    /// Judges a new watcher; the reason for its refusal, or null. In a gateway it throws <see cref="EtcdException"/> when no member judges: that is no refusal,
    /// which would be final.
    /// </summary>
    public async ValueTask<string?> CheckAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, WatcherRights rights)
    {
        var view = guard.View;
        EtcdError error;
        try
        {
            if (guard.Members is { } members)
            {
                error = await members.CheckReadAsync(guard.TokenToPassOn(call), key, rangeEnd, call.CancellationToken);
            }
            else
            {
                var identity = await guard.IdentifyAsync(call, view);
                error = view.CheckRead(identity, key.Span, rangeEnd.Span);
                rights.UserName = identity?.UserName;
            }
        }
        catch (EtcdException e) when (guard.Members is null || IsVerdict(e.Error))
        {
            error = e.Error;
        }

        rights.JudgedBy = view;
        return error == EtcdError.None ? null : Deny(error, key.Span, rangeEnd.Span);
    }

    /// <summary>A watcher's token, for the member that judges it in this one's place; null if there is none.</summary>
    public string? Token => guard.TokenToPassOn(call);

    /// <summary>The reason for a refusal that a member has judged.</summary>
    public string Refused(EtcdError error, WatcherRights rights) => Deny(error, rights.Key.Span, rights.RangeEnd.Span);

    /// <summary>Whether events may be sent to the watcher. One that may not see them any more is cancelled.</summary>
    public bool Allows(long watchId, WatcherRights rights) => ReferenceEquals(rights.JudgedBy, guard.View) ? !rights.IsDenied : Judge(watchId, rights);

    /// <summary>Judges all watchers by what holds now.</summary>
    public void Sweep()
    {
        foreach (var (id, state) in watchers.All())
        {
            Allows(id, state.Rights);
        }
    }

    private bool Judge(long watchId, WatcherRights rights)
    {
        lock (rights)
        {
            var view = guard.View;
            if (rights.IsDenied || ReferenceEquals(rights.JudgedBy, view))
            {
                return !rights.IsDenied;
            }

            // The credential was good when the watch began; now only the user counts.
            var identity = rights.UserName is { } name ? new AuthIdentity(name, view.Revision) : null;
            var error = view.CheckRead(identity, rights.Key.Span, rights.RangeEnd.Span);
            if (error != EtcdError.None)
            {
                rights.DenyReason = Deny(error, rights.Key.Span, rights.RangeEnd.Span);
                stream.Cancel(watchId);
            }

            rights.JudgedBy = view;
            return !rights.IsDenied;
        }
    }

    private static bool IsVerdict(EtcdError error) =>
        error is EtcdError.InvalidAuthToken or EtcdError.AuthOldRevision or EtcdError.UserEmpty or EtcdError.PermissionDenied;

    /// <summary>The text that etcd's Go code makes of the error.</summary>
    private string Deny(EtcdError error, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        var shown = IsVerdict(error) ? error : EtcdError.PermissionDenied;
        var status = ErrorMapping.ToStatus(shown);
        var reason = $"rpc error: code = {GrpcStatusText.Name(status.Code)} desc = {status.Message}";
        audit.RecordWatch(call, _remoteAddress, key, rangeEnd, reason);
        return reason;
    }
}
