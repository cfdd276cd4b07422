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

    /// <summary>Asks for something that does no harm when it is done twice.</summary>
    public async ValueTask<T> AskAsync<T>(Func<IMemberGrain, ValueTask<MemberReply<T>>> call, CancellationToken cancellationToken) =>
        Observe(await RepeatAsync(() => call(Grain), isRepeatable: true, cancellationToken).ConfigureAwait(false));

    /// <summary>Has something done that must not be done twice.</summary>
    public async ValueTask<T> DoAsync<T>(Func<IMemberGrain, ValueTask<MemberReply<T>>> call, CancellationToken cancellationToken) =>
        Observe(await RepeatAsync(() => call(Grain), isRepeatable: false, cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="AskAsync"/>, for answers that do not tell who gave them.</summary>
    public ValueTask<T> AskPlainAsync<T>(Func<IMemberGrain, ValueTask<T>> call, CancellationToken cancellationToken) =>
        RepeatAsync(() => call(Grain), isRepeatable: true, cancellationToken);

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

    private T Observe<T>(in MemberReply<T> reply)
    {
        status.Observe(reply.Member);
        return reply.Value;
    }

    private async ValueTask<T> RepeatAsync<T>(Func<ValueTask<T>> call, bool isRepeatable, CancellationToken cancellationToken)
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
                await GoOnAsync(isRepeatable, EtcdError.TimeoutDueToConnectionLost, started, attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not EtcdException && !cancellationToken.IsCancellationRequested)
            {
                var error = LeaderCall.ErrorOf(e);
                error = error == EtcdError.NoLeader ? EtcdError.TimeoutDueToConnectionLost : error;
                await GoOnAsync(isRepeatable || LeaderCall.HadNoEffect(e), error, started, attempt, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Waits a little, or throws when the call must not be repeated or time is up.</summary>
    private async ValueTask GoOnAsync(bool mayRepeat, EtcdError error, long started, int attempt, CancellationToken cancellationToken)
    {
        if (!mayRepeat || timeout.Time.GetElapsedTime(started) >= timeout.Duration)
        {
            throw new EtcdException(error);
        }

        var delay = Math.Min(LeaderCall.RetryDelayMilliseconds * attempt, LeaderCall.MaxRetryDelayMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(delay), timeout.Time, cancellationToken).ConfigureAwait(false);
    }
}
