using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Replication;
using Orleans.Runtime;

namespace Krewe.Grains.Gateway;

/// <summary>
/// A gateway's calls to members. Reads, and whatever may be done twice, are tried again with the members that are left until the request
/// timeout; of the rest only what certainly was not done.
/// </summary>
public sealed class MemberCalls(IGrainFactory grains, GatewayStatus status, MemberLoss loss, RequestTimeout timeout)
{
    /// <summary>How long an answer may still come after a connection was lost: it may have been another member's.</summary>
    public static readonly TimeSpan LossGrace = TimeSpan.FromMilliseconds(500);

    private IMemberGrain? _grain;

    /// <summary>Not before the first call: an Orleans client learns what grains there are when it connects.</summary>
    private IMemberGrain Grain => _grain ??= grains.GetGrain<IMemberGrain>(0);

    public TimeProvider Time => timeout.Time;

    /// <summary>Asks for something that does no harm when it is done twice.</summary>
    public async ValueTask<T> AskAsync<T>(Func<IMemberGrain, ValueTask<MemberReply<T>>> call, CancellationToken cancellationToken) =>
        Observe(await RepeatAsync(() => call(Grain), static () => true, cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="IRemoteRpcs.CallAsync"/>.</summary>
    public async ValueTask<RpcReply> CallAsync(RpcRequest request, Func<RpcRequest, bool> isRepeatable, CancellationToken cancellationToken) =>
        Observe(await RepeatAsync(
            () => Grain.CallAsync(request, cancellationToken), () => isRepeatable(request), cancellationToken).ConfigureAwait(false));

    /// <summary>Asks how the cluster is; false if nobody answers.</summary>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            status.Observe(await Grain.StatusAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false));
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits a little before the next attempt, or throws when the call must not be repeated or time is up.</summary>
    public async ValueTask GoOnAsync(bool mayRepeat, EtcdError error, long started, int attempt, CancellationToken cancellationToken)
    {
        if (!mayRepeat || timeout.Time.GetElapsedTime(started) >= timeout.Duration)
        {
            throw new EtcdException(error);
        }

        var delay = Math.Min(LeaderCall.RetryDelayMilliseconds * attempt, LeaderCall.MaxRetryDelayMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(delay), timeout.Time, cancellationToken).ConfigureAwait(false);
    }

    private T Observe<T>(in MemberReply<T> reply)
    {
        status.Observe(reply.Member);
        return reply.Value;
    }

    private async ValueTask<T> RepeatAsync<T>(Func<ValueTask<T>> call, Func<bool> isRepeatable, CancellationToken cancellationToken)
    {
        var started = timeout.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var answer = call();
                return answer.IsCompletedSuccessfully ? answer.Result : await AnswerAsync(answer.AsTask()).ConfigureAwait(false);
            }
            catch (EtcdException e) when (e.Error == EtcdError.Stopped)
            {
                // The member that was asked stops; the gateway does not.
                await GoOnAsync(isRepeatable(), EtcdError.TimeoutDueToConnectionLost, started, attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not EtcdException && !cancellationToken.IsCancellationRequested)
            {
                var error = LeaderCall.ErrorOf(e);
                error = error == EtcdError.NoLeader ? EtcdError.TimeoutDueToConnectionLost : error;
                await GoOnAsync(LeaderCall.HadNoEffect(e) || isRepeatable(), error, started, attempt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for a call that is under way, but not for a member that is lost.</summary>
    private async Task<T> AnswerAsync<T>(Task<T> call)
    {
        if (await Task.WhenAny(call, loss.Next).ConfigureAwait(false) != call)
        {
            await ((Task)call).WaitAsync(LossGrace, timeout.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (call.IsCompleted)
        {
            return await call.ConfigureAwait(false);
        }

        _ = call.ContinueWith(
            static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw new SiloUnavailableException("the connection to the member is lost");
    }
}
