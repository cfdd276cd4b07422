using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Replication;
using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Replication;

/// <summary>
/// Calls to grains on the leader's silo, from any member. What certainly had no effect is tried again, behind a change of leader too, until the
/// request timeout; the rest becomes etcd's ambiguous errors (behaviours 351, 352). A call that was with a leader when another one took over is not
/// waited for long: the old one may be stopped or cut off.
/// </summary>
public sealed class LeaderCalls(ILeadership leadership, IAppliedIndex applied, RequestTimeout timeout, ISiloPresence? silo = null)
{
    /// <summary>How long a replaced leader may still answer what it was asked while it led.</summary>
    public static readonly TimeSpan ReplacedLeaderGrace = TimeSpan.FromSeconds(1);

    /// <summary>The clock that measures requests.</summary>
    public TimeProvider Time => timeout.Time;

    /// <summary>Calls for an answer that stands in the log, and waits until this member has applied it (behaviour 358).</summary>
    public async ValueTask<TResult> CommitAsync<TState, TResult>(TState state, Func<TState, ValueTask<Committed<TResult>>> call)
    {
        var committed = await CallAsync(state, call).ConfigureAwait(false);
        await applied.WaitAppliedAsync(committed.Index, CancellationToken.None).ConfigureAwait(false);
        return committed.Value;
    }

    /// <summary>Calls, with a time limit that starts now.</summary>
    public ValueTask<TResult> CallAsync<TState, TResult>(
        TState state, Func<TState, ValueTask<TResult>> call, EtcdError withoutLeader = EtcdError.DeadlineExceeded) =>
        CallAsync(state, call, timeout.Time.GetTimestamp(), withoutLeader);

    /// <summary>Calls, and calls again while the call certainly had no effect.</summary>
    /// <param name="state">Passed to <paramref name="call"/>.</param>
    /// <param name="call">The call; may be made several times.</param>
    /// <param name="started">When the request came: its time limit starts there.</param>
    /// <param name="withoutLeader">The error when time is up and nothing was done.</param>
    public async ValueTask<TResult> CallAsync<TState, TResult>(
        TState state, Func<TState, ValueTask<TResult>> call, long started, EtcdError withoutLeader)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var attempt = 1; ; attempt++)
        {
            await WaitForLeaderAsync(started, withoutLeader).ConfigureAwait(false);
            var asked = leadership.LeaderId;
            var ending = silo?.Ending ?? CancellationToken.None;
            try
            {
                var answer = call(state);
                return answer.IsCompletedSuccessfully
                    ? answer.Result
                    : await AnswerAsync(answer.AsTask(), asked, started, ending).ConfigureAwait(false);
            }
            catch (Exception e) when (LeaderCall.HadNoEffect(e))
            {
                await PauseAsync(attempt).ConfigureAwait(false);
            }
            catch (EtcdException e) when (e.Error == EtcdError.Stopped && asked != leadership.MemberId)
            {
                // It was the leader that stopped, not the member that the client is connected to.
                throw new EtcdException(EtcdError.TimeoutDueToLeaderFail);
            }
            catch (Exception e) when (e is not EtcdException)
            {
                throw new EtcdException(LeaderCall.ErrorOf(e));
            }
        }
    }

    /// <summary>
    /// Completes, without failing, when the call is over or another member leads than now. Does not watch out while this member leads: what its
    /// callers wait for is decided as soon as another leader reaches it.
    /// </summary>
    public Task OverOrMovedAsync(Task call) => leadership.IsReadyLeader ? call : OverOrMovedAsync(call, leadership.LeaderId);

    /// <summary>Waits until this member has applied the entry, which the leader says is committed.</summary>
    public ValueTask WaitAppliedAsync(ulong index, ulong term)
    {
        var wait = applied.WaitAppliedAsync(index, CancellationToken.None);
        if (!wait.IsCompleted)
        {
            applied.ObserveCommitted(index, term);
        }

        return wait;
    }

    private async Task OverOrMovedAsync(Task call, ulong asked)
    {
        while (!call.IsCompleted)
        {
            var change = leadership.WaitForChangeAsync(CancellationToken.None);
            if (HasMoved(asked))
            {
                return;
            }

            await Task.WhenAny(call, change).ConfigureAwait(false);
        }
    }

    private bool HasMoved(ulong asked) => leadership.LeaderId is not 0 and var leader && leader != asked;

    private TimeSpan Remaining(long started)
    {
        var remaining = timeout.Duration - timeout.Time.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private async ValueTask WaitForLeaderAsync(long started, EtcdError withoutLeader)
    {
        while (true)
        {
            var remaining = Remaining(started);
            if (remaining == TimeSpan.Zero)
            {
                throw new EtcdException(withoutLeader);
            }

            var change = leadership.WaitForChangeAsync(CancellationToken.None);
            if (leadership.LeaderId != 0)
            {
                return;
            }

            await change.WaitAsync(remaining, timeout.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for a call that is under way. What it may have done is unknown when time is up.</summary>
    private async Task<TResult> AnswerAsync<TResult>(Task<TResult> call, ulong asked, long started, CancellationToken ending)
    {
        // The leader's own callers get the limit from the wait for the entry, which knows best what to say.
        var isLocal = asked == leadership.MemberId;
        var limit = isLocal ? Timeout.InfiniteTimeSpan : Remaining(started);
        var waiting = isLocal ? call : OverOrMovedAsync(call, asked);
        await waiting.WaitAsync(limit, timeout.Time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!isLocal && !call.IsCompleted && HasMoved(asked) && !ending.IsCancellationRequested)
        {
            limit = Remaining(started);
            await ((Task)call).WaitAsync(limit < ReplacedLeaderGrace ? limit : ReplacedLeaderGrace, timeout.Time, ending)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (call.IsCompleted)
        {
            return await call.ConfigureAwait(false);
        }

        _ = call.ContinueWith(
            static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw new EtcdException(ErrorWithoutAnswer(asked, ending));
    }

    private EtcdError ErrorWithoutAnswer(ulong asked, CancellationToken ending)
    {
        if (ending.IsCancellationRequested)
        {
            return EtcdError.TimeoutDueToConnectionLost;
        }

        return leadership.LeaderId == asked ? EtcdError.Timeout : EtcdError.TimeoutDueToLeaderFail;
    }

    private Task PauseAsync(int attempt) => Task.Delay(
        TimeSpan.FromMilliseconds(Math.Min(LeaderCall.RetryDelayMilliseconds * attempt, LeaderCall.MaxRetryDelayMilliseconds)), timeout.Time);
}
