using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Interfaces.Maintenance;
using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>
/// A member as seen by a process without a replica: what <c>Api</c> asks of the process that it runs in, asked of whichever member the
/// Orleans client is connected to. A stateless worker, so a call never travels beyond that member unless it concerns the leader. Failures
/// arrive as <see cref="Errors.EtcdException"/>.
/// </summary>
[Alias("krewe.IMemberGrain")]
public interface IMemberGrain : IGrainWithIntegerKey
{
    [AlwaysInterleave]
    [Alias("Status")]
    ValueTask<MemberSnapshot> StatusAsync();

    /// <summary>As <see cref="IKeyspaceClient.RangeAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Range")]
    ValueTask<MemberReply<RangeResult>> RangeAsync(RangeRequest request, CancellationToken cancellationToken);

    /// <summary>The first part of a range in key order, of about <paramref name="targetBytes"/>.</summary>
    [AlwaysInterleave]
    [Alias("RangePage")]
    ValueTask<RangePage> RangePageAsync(RangeRequest request, int targetBytes, CancellationToken cancellationToken);

    /// <summary>As <see cref="IKeyspaceClient.WriteAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Write")]
    ValueTask<MemberReply<KvResult>> WriteAsync(KvOperation operation, CancellationToken cancellationToken);

    /// <summary>As <see cref="IKeyspaceClient.ReadTxnAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("ReadTxn")]
    ValueTask<MemberReply<TxnResult>> ReadTxnAsync(TxnRequest request, bool serializable, CancellationToken cancellationToken);

    /// <summary>As <see cref="IKeyspaceClient.CompactAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("Compact")]
    ValueTask<MemberReply<CompactResult>> CompactAsync(long revision, bool physical, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILeaseClient.GrantAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Grant")]
    ValueTask<MemberReply<LeaseGrant>> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILeaseClient.RevokeAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Revoke")]
    ValueTask<MemberReply<long>> RevokeAsync(long id, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILeaseClient.KeepAliveAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("KeepAlive")]
    ValueTask<MemberReply<long>> KeepAliveAsync(long id, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILeaseClient.TimeToLiveAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("TimeToLive")]
    ValueTask<MemberReply<LeaseTimeToLive>> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILeaseClient.ListAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Leases")]
    ValueTask<MemberReply<IReadOnlyList<long>>> LeasesAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.StatusAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Storage")]
    ValueTask<MemberReply<StorageStatus>> StorageAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.HashAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("Hash")]
    ValueTask<MemberReply<uint>> HashAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.HashKvAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("HashKv")]
    ValueTask<MemberReply<KeyspaceHash>> HashKvAsync(long revision, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.DefragmentAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Defragment")]
    ValueTask<MemberReply<bool>> DefragmentAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.ListAlarmsAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Alarms")]
    ValueTask<MemberReply<IReadOnlyList<Alarm>>> AlarmsAsync(AlarmType type, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.ActivateAlarmAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("ActivateAlarm")]
    ValueTask<MemberReply<IReadOnlyList<Alarm>>> ActivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMaintenanceClient.DeactivateAlarmAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("DeactivateAlarm")]
    ValueTask<MemberReply<IReadOnlyList<Alarm>>> DeactivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMembershipClient.ListAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Members")]
    ValueTask<MemberReply<IReadOnlyList<Member>>> MembersAsync(bool linearizable, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMembershipClient.AddAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("AddMember")]
    ValueTask<MemberReply<MemberChanged>> AddMemberAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMembershipClient.RemoveAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("RemoveMember")]
    ValueTask<MemberReply<MemberChanged>> RemoveMemberAsync(ulong id, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMembershipClient.UpdateAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("UpdateMember")]
    ValueTask<MemberReply<MemberChanged>> UpdateMemberAsync(ulong id, IReadOnlyList<string> peerUrls, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMembershipClient.PromoteAsync"/>.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("01:00:00")]
    [Alias("PromoteMember")]
    ValueTask<MemberReply<MemberChanged>> PromoteMemberAsync(ulong id, CancellationToken cancellationToken);

    /// <summary>As <see cref="IMembershipClient.MoveLeaderAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("MoveLeader")]
    ValueTask<MemberReply<bool>> MoveLeaderAsync(ulong target, CancellationToken cancellationToken);
}
