using Krewe.Grains.Interfaces.Replication;
using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Leases;

/// <summary>
/// The leader's side of leases: one grain (key 0) on the Raft leader's silo. Failures arrive as <see cref="Errors.EtcdException"/>.
/// </summary>
[Alias("krewe.ILeaseGrain")]
public interface ILeaseGrain : IGrainWithIntegerKey
{
    /// <summary>As <see cref="ILeaseClient.GrantAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Grant")]
    ValueTask<Committed<LeaseGrant>> GrantAsync(long id, long ttlSeconds);

    /// <summary>As <see cref="ILeaseClient.RevokeAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Revoke")]
    ValueTask<Committed<long>> RevokeAsync(long id);

    /// <summary>As <see cref="ILeaseClient.KeepAliveAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("KeepAlive")]
    ValueTask<long> KeepAliveAsync(long id);

    /// <summary>As <see cref="ILeaseClient.TimeToLiveAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("TimeToLive")]
    ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys);
}
