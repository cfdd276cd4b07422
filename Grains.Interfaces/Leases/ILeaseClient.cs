namespace Krewe.Grains.Interfaces.Leases;

/// <summary>Leases as <c>Api</c> sees them (behaviours 158-190). Failures arrive as <see cref="Errors.EtcdException"/>.</summary>
public interface ILeaseClient
{
    /// <summary>Grants a lease; <paramref name="id"/> 0 lets the server choose. <paramref name="ttlSeconds"/> below the minimum is raised.</summary>
    ValueTask<LeaseGrant> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken);

    /// <summary>Revokes a lease and deletes its keys in one revision; answers the store revision.</summary>
    ValueTask<long> RevokeAsync(long id, CancellationToken cancellationToken);

    /// <summary>Renews a lease; answers the granted TTL in seconds, or 0 if it is unknown or expired (behaviour 171).</summary>
    ValueTask<long> KeepAliveAsync(long id, CancellationToken cancellationToken);

    /// <summary>Remaining time of a lease, with the attached keys if asked for.</summary>
    ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken);

    /// <summary>All lease IDs in this member's state, on the leader by nearest expiry (behaviour 184).</summary>
    ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken);
}
