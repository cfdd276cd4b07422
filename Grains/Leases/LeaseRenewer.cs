using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Leases;

/// <summary>
/// Renews leases on the leader. A lease that is past its time but not yet revoked makes its renewal wait for the outcome (behaviour 172).
/// </summary>
public sealed class LeaseRenewer(LeaseClocks clocks, RequestTimeout timeout)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource> _ending = [];

    /// <summary>The granted TTL in seconds; 0 for an unknown or expired lease (behaviours 170, 171).</summary>
    public ValueTask<long> RenewAsync(long id)
    {
        var renewal = clocks.Renew(id, out var ttlSeconds);
        return renewal == LeaseRenewal.Expiring ? new ValueTask<long>(RenewExpiringAsync(id)) : new ValueTask<long>(Answer(renewal, ttlSeconds));
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

    private async Task<long> RenewExpiringAsync(long id)
    {
        Task ended;
        lock (_gate)
        {
            // Looked at again under the lock: the revoke may have ended in between, or the leadership.
            var renewal = clocks.Renew(id, out var renewedSeconds);
            if (renewal != LeaseRenewal.Expiring)
            {
                return Answer(renewal, renewedSeconds);
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

        return Answer(clocks.Renew(id, out var ttlSeconds), ttlSeconds);
    }

    private static long Answer(LeaseRenewal renewal, long ttlSeconds) => renewal == LeaseRenewal.NotLeading
        ? throw new NotOwnerException("this silo does not lead")
        : ttlSeconds;
}
