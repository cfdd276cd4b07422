using System.Security.Cryptography;
using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Leases;
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

    public async ValueTask<LeaseGrant> GrantAsync(long id, long ttlSeconds)
    {
        if (ttlSeconds > LeaseLimits.MaxTtlSeconds)
        {
            throw new EtcdException(EtcdError.LeaseTtlTooLarge);
        }

        var grant = new LeaseGrant(id == 0 ? NewId() : id, Math.Max(ttlSeconds, options.MinTtlSeconds));
        var error = new EtcdError[1];
        await AppendAsync((grant, error), static (batch, s) => s.error[0] = batch.GrantLease(s.grant.Id, s.grant.TtlSeconds));
        if (error[0] != EtcdError.None)
        {
            throw new EtcdException(error[0]);
        }

        clocks.Add(grant.Id, grant.TtlSeconds);
        return grant;
    }

    public async ValueTask<long> RevokeAsync(long id)
    {
        var answer = new (EtcdError Error, long Revision)[1];
        await AppendAsync((id, answer), static (batch, s) => s.answer[0] = (batch.RevokeLease(s.id, out var revision), revision));
        if (answer[0].Error != EtcdError.None)
        {
            throw new EtcdException(answer[0].Error);
        }

        clocks.Remove(id);
        renewer.Ended(id);
        return answer[0].Revision;
    }

    public ValueTask<long> KeepAliveAsync(long id) => renewer.RenewAsync(id);

    public ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys)
    {
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

    private async ValueTask AppendAsync<TState>(TState request, TailAppender.Evaluation<TState> evaluate)
    {
        try
        {
            await appender.AppendAsync(leadership.Term, default, request, evaluate);
        }
        catch (NotOwnerException)
        {
            this.DeactivateOnIdle();
            throw;
        }
    }
}
