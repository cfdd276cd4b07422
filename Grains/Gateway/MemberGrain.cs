using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Maintenance;
using Orleans.Concurrency;

namespace Krewe.Grains.Gateway;

/// <summary>Hands what a gateway asks to this member's own RPCs.</summary>
[StatelessWorker(1)]
[Reentrant]
public sealed class MemberGrain(IMemberStatus status, IAuthClient auth, IHealthProbe health, ILocalRpcs rpcs) : Grain, IMemberGrain
{
    public ValueTask<MemberSnapshot> StatusAsync() => new(MemberSnapshot.Of(status, auth.View.Enabled));

    // Away from the grain's scheduler, which has one call run at a time.
    public async ValueTask<MemberReply<RpcReply>> CallAsync(RpcRequest request, CancellationToken cancellationToken) =>
        Reply(await Task.Run(() => rpcs.CallAsync(request, cancellationToken).AsTask(), CancellationToken.None));

    public async ValueTask<MemberReply<EtcdError>> CheckReadAsync(
        string? token, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, CancellationToken cancellationToken)
    {
        var view = auth.View;
        var identity = await TokenBearer.IdentifyAsync(auth, token, view, cancellationToken);
        return Reply(view.CheckRead(identity, key.Span, rangeEnd.Span));
    }

    public async ValueTask<MemberReply<IReadOnlyList<Alarm>>> AlarmsAsync(CancellationToken cancellationToken)
    {
        // Serializers know arrays; what clients in this process hand out may be any list.
        IReadOnlyList<Alarm> alarms = [.. await health.AlarmsAsync(cancellationToken)];
        return Reply(alarms);
    }

    public async ValueTask<MemberReply<EtcdError>> ProbeAsync(bool serializable, CancellationToken cancellationToken) =>
        Reply(await health.ReadAsync(serializable, cancellationToken));

    private MemberReply<T> Reply<T>(T value) => new(value, MemberSnapshot.Of(status, auth.View.Enabled));
}
