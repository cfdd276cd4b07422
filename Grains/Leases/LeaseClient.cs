using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Maintenance;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Leases;

/// <summary>Leases on a member: the leader's grain decides; renewals on the leader itself need no grain hop.</summary>
public sealed class LeaseClient(
    KeyspaceState state,
    LeaseClocks clocks,
    LeaseRenewer renewer,
    QuotaGuard quota,
    NoSpaceAlarm noSpace,
    IGrainFactory grains,
    TimeProvider time) : ILeaseClient
{
    private readonly ILeaseGrain _grain = grains.GetGrain<ILeaseGrain>(0);

    public ValueTask<LeaseGrant> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken)
    {
        if (!quota.Admits(Keyspace.Quota.QuotaCost.LeaseGrant))
        {
            noSpace.Raise();
            return ValueTask.FromException<LeaseGrant>(new EtcdException(EtcdError.NoSpace));
        }

        return LeaderCall.CallAsync((_grain, id, ttlSeconds), static c => c._grain.GrantAsync(c.id, c.ttlSeconds), time);
    }

    public ValueTask<long> RevokeAsync(long id, CancellationToken cancellationToken) =>
        LeaderCall.CallAsync((_grain, id), static c => c._grain.RevokeAsync(c.id), time);

    public ValueTask<long> KeepAliveAsync(long id, CancellationToken cancellationToken) => clocks.IsLeading
        ? LeaderCall.CallAsync((renewer, id), static c => c.renewer.RenewAsync(c.id), time)
        : LeaderCall.CallAsync((_grain, id), static c => c._grain.KeepAliveAsync(c.id), time);

    public ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken) =>
        LeaderCall.CallAsync((_grain, id, withKeys), static c => c._grain.TimeToLiveAsync(c.id, c.withKeys), time);

    public ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(clocks.IsLeading ? clocks.ByExpiry() : [.. state.Leases.Snapshot().Select(l => l.Id)]);
}
