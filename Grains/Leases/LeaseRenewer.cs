using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Leases;

/// <summary>
/// Renews leases on the leader. A lease that is past its time but not yet revoked makes its renewal wait for the outcome (behaviour 172).
/// What is answered was confirmed by a read barrier behind it, for nothing while the leader's lease of its quorum is valid: a member that
/// was replaced and does not know yet would promise time that the new leader does not give (behaviour 164).
/// </summary>
public sealed class LeaseRenewer(LeaseClocks clocks, LeaseCheckpointer checkpointer, IReplicatedLog log, RequestTimeout timeout)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource> _ending = [];

    /// <summary>The granted TTL in seconds; 0 for an unknown or expired lease (behaviours 170, 171).</summary>
    public ValueTask<long> RenewAsync(long id)
    {
        var term = log.Term;
        var renewal = clocks.Renew(id, out var ttlSeconds);
        if (renewal == LeaseRenewal.Expiring)
        {
            return new ValueTask<long>(RenewExpiringAsync(id));
        }

        var answer = Answer(renewal, ttlSeconds);
        if (renewal == LeaseRenewal.RenewedOverCheckpoint)
        {
            return new ValueTask<long>(RenewOverCheckpointAsync(id, term, answer));
        }

        var barrier = log.ReadBarrierAsync(CancellationToken.None);
        if (!barrier.IsCompletedSuccessfully)
        {
            return new ValueTask<long>(ConfirmAsync(barrier, term, answer));
        }

        RequireTerm(term);
        return new ValueTask<long>(answer);
    }

    /// <summary>The lease was revoked: whoever waited for the outcome learns it.</summary>
    public void Ended(long id)
    {
        TaskCompletionSource? waiters;
        lock (_gate)
        {
            _ending.Remove(id, out waiters);
        }

        waiters?.SetResult();
    }

    /// <summary>A leader that took over in between would go on with the remaining time that it finds in the log.</summary>
    private async Task<long> RenewOverCheckpointAsync(long id, ulong term, long answer)
    {
        await checkpointer.ForgetAsync(id).ConfigureAwait(false);
        return await ConfirmAsync(log.ReadBarrierAsync(CancellationToken.None), term, answer).ConfigureAwait(false);
    }

    private async Task<long> ConfirmAsync(ValueTask barrier, ulong term, long answer)
    {
        await barrier.ConfigureAwait(false);
        RequireTerm(term);
        return answer;
    }

    /// <summary>The barrier may have been another leader's.</summary>
    private void RequireTerm(ulong term)
    {
        if (log.Term != term || !log.IsReadyLeader)
        {
            throw new NotOwnerException("leadership changed before the renewal was confirmed");
        }
    }

    private async Task<long> RenewExpiringAsync(long id)
    {
        Task ended;
        lock (_gate)
        {
            // Looked at again under the lock: the revoke may have ended in between, or the leadership.
            var renewal = clocks.Renew(id, out _);
            if (renewal != LeaseRenewal.Expiring)
            {
                return AnswerEnded(renewal);
            }

            if (!_ending.TryGetValue(id, out var completion))
            {
                completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ending.Add(id, completion);
            }

            ended = completion.Task;
        }

        try
        {
            await ended.WaitAsync(timeout.Duration, timeout.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new EtcdException(EtcdError.Timeout);
        }

        return AnswerEnded(clocks.Renew(id, out _));
    }

    /// <summary>It was past its time, so unless it is gone its clock belongs to another leadership: the caller must ask anew.</summary>
    private static long AnswerEnded(LeaseRenewal renewal) => renewal == LeaseRenewal.NotFound
        ? 0
        : throw new NotOwnerException("leadership changed while the lease ended");

    private static long Answer(LeaseRenewal renewal, long ttlSeconds) => renewal == LeaseRenewal.NotLeading
        ? throw new NotOwnerException("this silo does not lead")
        : ttlSeconds;
}
