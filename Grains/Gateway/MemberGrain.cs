using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Interfaces.Maintenance;
using Orleans.Concurrency;

namespace Krewe.Grains.Gateway;

/// <summary>Hands what a gateway asks to this member's own clients.</summary>
[StatelessWorker(1)]
[Reentrant]
public sealed class MemberGrain(
    IMemberStatus status,
    IAuthClient auth,
    IKeyspaceClient keyspace,
    ILeaseClient leases,
    IMaintenanceClient maintenance,
    IMembershipClient members)
    : Grain, IMemberGrain, IIncomingGrainCallFilter
{
    /// <summary>A gateway can not say for whom it asks, so while permissions are checked it gets nothing but the status.</summary>
    public Task Invoke(IIncomingGrainCallContext context) => auth.View.Enabled && context.MethodName != nameof(StatusAsync)
        ? Task.FromException(new EtcdException(EtcdError.Unimplemented))
        : context.Invoke();

    public ValueTask<MemberSnapshot> StatusAsync() => new(MemberSnapshot.Of(status, auth.View.Enabled));

    public async ValueTask<MemberReply<RangeResult>> RangeAsync(RangeRequest request, CancellationToken cancellationToken) =>
        Reply(await keyspace.RangeAsync(request, cancellationToken));

    public async ValueTask<RangePage> RangePageAsync(RangeRequest request, int targetBytes, CancellationToken cancellationToken)
    {
        await using var chunks = keyspace.RangeStreamAsync(request, targetBytes, cancellationToken).GetAsyncEnumerator(cancellationToken);
        if (!await chunks.MoveNextAsync())
        {
            return new RangePage(ArraySegment<KeyValue>.Empty, IsLast: true);
        }

        // Only the last chunk tells the revision.
        return new RangePage(chunks.Current.Kvs, IsLast: chunks.Current.Revision != 0);
    }

    public async ValueTask<MemberReply<KvResult>> WriteAsync(KvOperation operation, CancellationToken cancellationToken) =>
        Reply(await keyspace.WriteAsync(operation, cancellationToken));

    public async ValueTask<MemberReply<TxnResult>> ReadTxnAsync(TxnRequest request, bool serializable, CancellationToken cancellationToken) =>
        Reply(await keyspace.ReadTxnAsync(request, serializable, cancellationToken));

    public async ValueTask<MemberReply<CompactResult>> CompactAsync(long revision, bool physical, CancellationToken cancellationToken) =>
        Reply(await keyspace.CompactAsync(revision, physical, cancellationToken));

    public async ValueTask<MemberReply<LeaseGrant>> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken) =>
        Reply(await leases.GrantAsync(id, ttlSeconds, cancellationToken));

    public async ValueTask<MemberReply<long>> RevokeAsync(long id, CancellationToken cancellationToken) =>
        Reply(await leases.RevokeAsync(id, cancellationToken));

    public async ValueTask<MemberReply<long>> KeepAliveAsync(long id, CancellationToken cancellationToken) =>
        Reply(await leases.KeepAliveAsync(id, cancellationToken));

    public async ValueTask<MemberReply<LeaseTimeToLive>> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken)
    {
        var lease = await leases.TimeToLiveAsync(id, withKeys, cancellationToken);
        return Reply(lease with { Keys = lease.Keys.ToArray() });
    }

    public async ValueTask<MemberReply<IReadOnlyList<long>>> LeasesAsync(CancellationToken cancellationToken) =>
        ReplyList(await leases.ListAsync(cancellationToken));

    public async ValueTask<MemberReply<StorageStatus>> StorageAsync(CancellationToken cancellationToken)
    {
        var storage = await maintenance.StatusAsync(cancellationToken);
        return Reply(storage with { Alarms = storage.Alarms.ToArray() });
    }

    public async ValueTask<MemberReply<uint>> HashAsync(CancellationToken cancellationToken) =>
        Reply(await maintenance.HashAsync(cancellationToken));

    public async ValueTask<MemberReply<KeyspaceHash>> HashKvAsync(long revision, CancellationToken cancellationToken) =>
        Reply(await maintenance.HashKvAsync(revision, cancellationToken));

    public async ValueTask<MemberReply<bool>> DefragmentAsync(CancellationToken cancellationToken)
    {
        await maintenance.DefragmentAsync(cancellationToken);
        return Reply(true);
    }

    public async ValueTask<MemberReply<IReadOnlyList<Alarm>>> AlarmsAsync(AlarmType type, CancellationToken cancellationToken) =>
        ReplyList(await maintenance.ListAlarmsAsync(type, cancellationToken));

    public async ValueTask<MemberReply<IReadOnlyList<Alarm>>> ActivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        ReplyList(await maintenance.ActivateAlarmAsync(alarm, cancellationToken));

    public async ValueTask<MemberReply<IReadOnlyList<Alarm>>> DeactivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        ReplyList(await maintenance.DeactivateAlarmAsync(alarm, cancellationToken));

    public async ValueTask<MemberReply<IReadOnlyList<Member>>> MembersAsync(bool linearizable, CancellationToken cancellationToken) =>
        ReplyList(await members.ListAsync(linearizable, cancellationToken));

    public async ValueTask<MemberReply<MemberChanged>> AddMemberAsync(
        IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancellationToken) =>
        Reply(await members.AddAsync(peerUrls, isLearner, cancellationToken));

    public async ValueTask<MemberReply<MemberChanged>> RemoveMemberAsync(ulong id, CancellationToken cancellationToken) =>
        Reply(await members.RemoveAsync(id, cancellationToken));

    public async ValueTask<MemberReply<MemberChanged>> UpdateMemberAsync(
        ulong id, IReadOnlyList<string> peerUrls, CancellationToken cancellationToken) =>
        Reply(await members.UpdateAsync(id, peerUrls, cancellationToken));

    public async ValueTask<MemberReply<MemberChanged>> PromoteMemberAsync(ulong id, CancellationToken cancellationToken) =>
        Reply(await members.PromoteAsync(id, cancellationToken));

    public async ValueTask<MemberReply<bool>> MoveLeaderAsync(ulong target, CancellationToken cancellationToken)
    {
        await members.MoveLeaderAsync(target, cancellationToken);
        return Reply(true);
    }

    // Serializers know arrays; what clients in this process hand out may be any list.
    private MemberReply<IReadOnlyList<T>> ReplyList<T>(IReadOnlyList<T> list) => Reply<IReadOnlyList<T>>(list.ToArray());

    private MemberReply<T> Reply<T>(T value) => new(value, MemberSnapshot.Of(status, auth.View.Enabled));
}
