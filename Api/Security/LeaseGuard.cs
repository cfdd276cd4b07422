using Krewe.Api.Grpc;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Security;

/// <summary>Permission checks of lease RPCs (behaviours 186-188). Each throws; with auth off nothing is checked.</summary>
internal sealed class LeaseGuard(AuthGuard guard)
{
    public ValueTask RequireRevokeAsync(GrpcCall call, long id) => guard.View.Enabled ? RequireWriteAsync(call, id, linearizable: true) : default;

    /// <summary>Local state is enough: who may not revoke a lease anyway gains little from renewing it a moment longer.</summary>
    public ValueTask RequireRenewAsync(GrpcCall call, long id) => guard.View.Enabled ? RequireWriteAsync(call, id, linearizable: false) : default;

    public async ValueTask RequireTimeToLiveAsync(GrpcCall call, long id, bool withKeys)
    {
        if (!guard.View.Enabled)
        {
            return;
        }

        if (withKeys)
        {
            await guard.Client.ReadBarrierAsync(call.CancellationToken);
        }

        var view = guard.View;
        var identity = await RequireIdentityAsync(call, view);
        if (withKeys)
        {
            AuthGuard.Require(KvPermissions.CheckLeaseRead(guard.Client, view, identity, id));
        }
    }

    /// <summary>Judges the keys of an answer by what holds now: they may be others than those that were asked about before.</summary>
    public ValueTask RequireReadAsync(GrpcCall call, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        var view = guard.View;
        return view.Enabled && keys.Count > 0 ? RequireReadAsync(call, keys, view) : default;
    }

    /// <summary>Whoever lists leases must be allowed to read the keys of all of them.</summary>
    public async ValueTask RequireListAsync(GrpcCall call, IReadOnlyList<long> ids)
    {
        var view = guard.View;
        if (!view.Enabled)
        {
            return;
        }

        var identity = await RequireIdentityAsync(call, view);
        foreach (var id in ids)
        {
            AuthGuard.Require(KvPermissions.CheckLeaseRead(guard.Client, view, identity, id));
        }
    }

    private async ValueTask RequireReadAsync(GrpcCall call, IReadOnlyList<ReadOnlyMemory<byte>> keys, IAuthView view)
    {
        var identity = await RequireIdentityAsync(call, view);
        foreach (var key in keys)
        {
            AuthGuard.Require(view.CheckRead(identity, key.Span, default));
        }
    }

    private async ValueTask RequireWriteAsync(GrpcCall call, long id, bool linearizable)
    {
        if (linearizable)
        {
            await guard.Client.ReadBarrierAsync(call.CancellationToken);
        }

        var view = guard.View;
        var identity = await RequireIdentityAsync(call, view);
        AuthGuard.Require(KvPermissions.CheckLeaseWrite(guard.Client, view, identity, id));
    }

    private async ValueTask<AuthIdentity?> RequireIdentityAsync(GrpcCall call, IAuthView view)
    {
        var identity = await guard.IdentifyAsync(call, view);
        AuthGuard.Require(AuthGuard.CheckIdentity(view, identity));
        return identity;
    }
}
