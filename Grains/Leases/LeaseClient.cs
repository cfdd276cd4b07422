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
    LeaderCalls calls) : ILeaseClient
{
    public ValueTask<LeaseGrant> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken)
    {
        if (!quota.Admits(Keyspace.Quota.QuotaCost.LeaseGrant))
        {
            noSpace.Raise();
            return ValueTask.FromException<LeaseGrant>(new EtcdException(EtcdError.NoSpace));
        }

        return calls.CommitAsync((grains, id, ttlSeconds), static c => Grain(c.grains).GrantAsync(c.id, c.ttlSeconds));
    }

    public ValueTask<long> RevokeAsync(long id, CancellationToken cancellationToken) =>
        calls.CommitAsync((grains, id), static c => Grain(c.grains).RevokeAsync(c.id));

    /// <summary>Without a leader it fails with NoLeader after the request timeout (behaviour 176).</summary>
    public ValueTask<long> KeepAliveAsync(long id, CancellationToken cancellationToken) => calls.CallAsync(
        (clocks, renewer, grains, id),
        static c => c.clocks.IsLeading ? c.renewer.RenewAsync(c.id) : Grain(c.grains).KeepAliveAsync(c.id),
        EtcdError.NoLeader);

    public ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken) =>
        calls.CallAsync((grains, id, withKeys), static c => Grain(c.grains).TimeToLiveAsync(c.id, c.withKeys), EtcdError.NoLeader);

    public ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(clocks.IsLeading ? clocks.ByExpiry() : [.. state.Leases.Snapshot().Select(l => l.Id)]);

    /// <summary>For each call: the silo behind the factory may be another one by the next.</summary>
    private static ILeaseGrain Grain(IGrainFactory grains) => grains.GetGrain<ILeaseGrain>(0);
}
