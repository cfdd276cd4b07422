using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Orleans.Runtime;

namespace Krewe.Grains.Replication;

/// <summary>Calls to grains on the leader's silo: what certainly did not happen is tried again, the rest becomes etcd's errors.</summary>
public static class LeaderCall
{
    /// <summary>How often a call that certainly had no effect is tried.</summary>
    public const int MaxAttempts = 20;

    /// <summary>Pause before the next attempt, growing linearly with the attempts.</summary>
    public const int RetryDelayMilliseconds = 10;

    /// <summary>Calls, and calls again while the leader's grain says that it may not answer.</summary>
    public static async ValueTask<TResult> CallAsync<TState, TResult>(
        TState state, Func<TState, ValueTask<TResult>> call, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(state).ConfigureAwait(false);
            }
            catch (Exception e) when (HadNoEffect(e) && attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(RetryDelayMilliseconds * attempt), time).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not EtcdException)
            {
                throw new EtcdException(ErrorOf(e));
            }
        }
    }

    /// <summary>Whether the call certainly had no effect. A dead silo's calls are not among them: it may have appended before it died.</summary>
    public static bool HadNoEffect(Exception e) =>
        e is NotOwnerException or (OrleansMessageRejectionException and not SiloUnavailableException);

    /// <summary>The error that a client gets for a failed call (behaviour 351).</summary>
    public static EtcdError ErrorOf(Exception e) => e switch
    {
        EtcdException etcd => etcd.Error,
        SiloUnavailableException => EtcdError.TimeoutDueToConnectionLost,
        NotOwnerException or OrleansMessageRejectionException => EtcdError.NoLeader,
        _ => EtcdError.Timeout,
    };
}
