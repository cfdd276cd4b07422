using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;
using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>
/// A member as seen by a process without a replica. A stateless worker, so a call never travels beyond the member that the Orleans client is connected
/// to unless it concerns the leader. Nothing that the caller says of a user is believed: what asks for permissions comes with a token. Failures
/// arrive as <see cref="EtcdException"/>.
/// </summary>
[Alias("krewe.IMemberGrain")]
public interface IMemberGrain : IGrainWithIntegerKey
{
    [AlwaysInterleave]
    [Alias("Status")]
    ValueTask<MemberSnapshot> StatusAsync();

    /// <summary>As <see cref="ILocalRpcs.CallAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Call")]
    ValueTask<MemberReply<RpcReply>> CallAsync(RpcRequest request, CancellationToken cancellationToken);

    /// <summary>Whether the token's owner may read the interval; None while nobody is checked.</summary>
    [AlwaysInterleave]
    [Alias("CheckRead")]
    ValueTask<MemberReply<EtcdError>> CheckReadAsync(
        string? token, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, CancellationToken cancellationToken);

    /// <summary>As <see cref="IHealthProbe.AlarmsAsync"/>, which /health tells everybody.</summary>
    [AlwaysInterleave]
    [Alias("Alarms")]
    ValueTask<MemberReply<IReadOnlyList<Alarm>>> AlarmsAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IHealthProbe.ReadAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Probe")]
    ValueTask<MemberReply<EtcdError>> ProbeAsync(bool serializable, CancellationToken cancellationToken);
}
