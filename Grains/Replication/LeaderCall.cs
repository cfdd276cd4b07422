using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Orleans.Runtime;

namespace Krewe.Grains.Replication;

/// <summary>Tells failures of calls to the leader's grains apart: what certainly had no effect, and what may have had one.</summary>
public static class LeaderCall
{
    /// <summary>Pause before the next attempt, growing linearly with the attempts up to <see cref="MaxRetryDelayMilliseconds"/>.</summary>
    public const int RetryDelayMilliseconds = 10;

    /// <summary>Longest pause; the request timeout bounds the number of attempts.</summary>
    public const int MaxRetryDelayMilliseconds = 100;

    /// <summary>Whether the call certainly had no effect. A dead silo's calls are not among them: it may have appended before it died.</summary>
    public static bool HadNoEffect(Exception e) =>
        e is NotOwnerException
        or EtcdException { Error: EtcdError.NoLeader }
        or (OrleansMessageRejectionException and not SiloUnavailableException);

    /// <summary>The error that a client gets for a failed call (behaviour 351).</summary>
    public static EtcdError ErrorOf(Exception e) => e switch
    {
        EtcdException etcd => etcd.Error,
        SiloUnavailableException => EtcdError.TimeoutDueToConnectionLost,
        NotOwnerException or OrleansMessageRejectionException => EtcdError.NoLeader,
        _ => EtcdError.Timeout,
    };
}
