using System.Security.Cryptography;
using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Interfaces.Replication;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace Krewe.Grains.Leases;

/// <summary>Grants, revokes and renews leases on the leader's silo (behaviours 158-190).</summary>
[GrainDirectory("raft")]
[LeaderPlacement]
[Reentrant]
[KeepAlive]
[Immovable]
public sealed class LeaseGrain(
    TailAppender appender,
    ILeadership leadership,
    KeyspaceState state,
    LeaseClocks clocks,
    LeaseRenewer renewer,
    LeaseOptions options) : Grain, ILeaseGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        leadership.IsReadyLeader ? Task.CompletedTask : throw new NotOwnerException("this silo does not lead");

    public async ValueTask<Committed<LeaseGrant>> GrantAsync(long id, long ttlSeconds)
    {
        if (ttlSeconds > LeaseLimits.MaxTtlSeconds)
        {
            throw new EtcdException(EtcdError.LeaseTtlTooLarge);
        }

        var grant = new LeaseGrant(id == 0 ? NewId() : id, Math.Max(ttlSeconds, options.MinTtlSeconds));
        var error = new EtcdError[1];
        ulong index;
        try
        {
            index = await AppendAsync((grant, error), static (batch, s) => s.error[0] = batch.GrantLease(s.grant.Id, s.grant.TtlSeconds));
        }
        catch (EtcdException) when (error[0] == EtcdError.None)
        {
            // The entry may still commit, and nobody would end that lease before the leader changes. If it does not, expiry finds out.
            clocks.Add(grant.Id, grant.TtlSeconds);
            throw;
        }

        if (error[0] != EtcdError.None)
        {
            throw new EtcdException(error[0]);
        }

        clocks.Add(grant.Id, grant.TtlSeconds);
        return new Committed<LeaseGrant>(grant, index);
    }

    public async ValueTask<Committed<long>> RevokeAsync(long id)
    {
        var answer = new (EtcdError Error, long Revision)[1];
        var index = await AppendAsync((id, answer), static (batch, s) => s.answer[0] = (batch.RevokeLease(s.id, out var revision), revision));
        if (answer[0].Error != EtcdError.None)
        {
            throw new EtcdException(answer[0].Error);
        }

        clocks.Remove(id);
        renewer.Ended(id);
        return new Committed<long>(answer[0].Revision, index);
    }

    public ValueTask<long> KeepAliveAsync(long id) => renewer.RenewAsync(id);

    public ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys)
    {
        if (!clocks.IsLeading)
        {
            throw new NotOwnerException("this silo does not lead");
        }

        if (!state.Leases.TryGet(id, out var lease) || clocks.RemainingSeconds(id) is not { } remaining)
        {
            return ValueTask.FromResult(new LeaseTimeToLive(id, -1, 0, []));
        }

        IReadOnlyList<ReadOnlyMemory<byte>> keys = withKeys ? state.Leases.Keys(id) : [];
        return ValueTask.FromResult(new LeaseTimeToLive(id, remaining, lease.TtlSeconds, keys));
    }

    /// <summary>A positive 63-bit number that no lease has (behaviour 158).</summary>
    private long NewId()
    {
        long id;
        do
        {
            id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
        }
        while (id == 0 || state.Leases.Contains(id));

        return id;
    }

    private async ValueTask<ulong> AppendAsync<TState>(TState request, TailAppender.Evaluation<TState> evaluate)
    {
        try
        {
            return await appender.AppendAsync(leadership.Term, default, request, evaluate);
        }
        catch (NotOwnerException)
        {
            this.DeactivateOnIdle();
            throw;
        }
    }
}
