using Krewe.Grains.Interfaces.Leases;

namespace Krewe.Grains.Gateway;

/// <summary>Leases as a gateway has them.</summary>
public sealed class GatewayLeases(MemberCalls calls) : ILeaseClient
{
    public ValueTask<LeaseGrant> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.GrantAsync(id, ttlSeconds, cancellationToken), cancellationToken);

    public ValueTask<long> RevokeAsync(long id, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.RevokeAsync(id, cancellationToken), cancellationToken);

    public ValueTask<long> KeepAliveAsync(long id, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.KeepAliveAsync(id, cancellationToken), cancellationToken);

    public ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.TimeToLiveAsync(id, withKeys, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.LeasesAsync(cancellationToken), cancellationToken);
}
