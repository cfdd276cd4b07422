using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>The member list on a member with a replica, and its changes by way of the leader.</summary>
public sealed class MembershipClient(
    MembersModule members,
    ReconfigurationRules rules,
    IReplicatedLog log,
    IConfigurationLog configuration,
    IGrainFactory grains,
    TimeProvider time) : IMembershipClient
{
    /// <summary>How often this member looks whether leadership has moved.</summary>
    private static readonly TimeSpan MoveCheckInterval = TimeSpan.FromMilliseconds(100);

    public async ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken)
    {
        if (linearizable)
        {
            await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
        }

        return members.Members;
    }

    public ValueTask<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancellationToken)
    {
        var urls = PeerUrls.TryNormalise(peerUrls) ?? throw new EtcdException(EtcdError.MemberBadUrls);
        Require(rules.CheckStartedToAdd(members.Members, isLearner));
        return ChangeAsync(grain => grain.AddAsync(urls, isLearner), cancellationToken);
    }

    public ValueTask<MemberChanged> RemoveAsync(ulong id, CancellationToken cancellationToken)
    {
        Require(rules.CheckStartedToRemove(members.Members, id));
        return ChangeAsync(grain => grain.RemoveAsync(id), cancellationToken);
    }

    public ValueTask<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls, CancellationToken cancellationToken) =>
        ChangeAsync(grain => grain.UpdateAsync(id, peerUrls), cancellationToken);

    public ValueTask<MemberChanged> PromoteAsync(ulong id, CancellationToken cancellationToken) =>
        ChangeAsync(grain => grain.PromoteAsync(id), cancellationToken);

    public async ValueTask MoveLeaderAsync(ulong target, bool fromAnyMember, CancellationToken cancellationToken)
    {
        if (log.LeaderId == log.MemberId || !fromAnyMember)
        {
            Require(LeadershipMove.Begin(configuration, target));
        }
        else
        {
            await BeginMoveOnLeaderAsync(target, cancellationToken).ConfigureAwait(false);
        }

        await WaitForLeaderAsync(target, cancellationToken).ConfigureAwait(false);
    }

    private static void Require(EtcdError error)
    {
        if (error != EtcdError.None)
        {
            throw new EtcdException(error);
        }
    }

    private async Task BeginMoveOnLeaderAsync(ulong target, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IMembershipGrain>(0).MoveLeaderAsync(target).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (EtcdException or OperationCanceledException))
        {
            throw new EtcdException(LeaderCall.ErrorOf(e));
        }
    }

    private async Task WaitForLeaderAsync(ulong target, CancellationToken cancellationToken)
    {
        try
        {
            while (log.LeaderId != target)
            {
                await Task.Delay(MoveCheckInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            throw new EtcdException(EtcdError.LeaderTransferTimeout);
        }
    }

    private async ValueTask<MemberChanged> ChangeAsync(Func<IMembershipGrain, Task<MemberChanged>> change, CancellationToken cancellationToken)
    {
        var changed = await CallAsync(change, cancellationToken).ConfigureAwait(false);
        await members.WaitForChangeAsync(changed.Index, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    /// <summary>While there is no leader a change waits for one, until the caller gives up (behaviour 256).</summary>
    private async Task<MemberChanged> CallAsync(Func<IMembershipGrain, Task<MemberChanged>> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await change(grains.GetGrain<IMembershipGrain>(0)).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EtcdException { Error: EtcdError.NoLeader } || LeaderCall.HadNoEffect(e))
            {
                await Task.Delay(MoveCheckInterval, time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not (EtcdException or OperationCanceledException))
            {
                throw new EtcdException(LeaderCall.ErrorOf(e));
            }
        }
    }
}
