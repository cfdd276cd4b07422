using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Keeps a silo running for as long as the member runs. The others declare a silo Dead whose member was silent for some seconds, because its machine
/// slept or its network was cut; a silo can't come back from that, so another generation takes its place. Raft, the store, watches, and the
/// listeners for peers and clients are the member's and stay up meanwhile; what needs a grain waits, as it does without a leader.
/// </summary>
internal sealed partial class SiloSupervisor(
    Func<Action<string>, IHost> create,
    CurrentSilo current,
    SiloRestartOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SiloSupervisor> logger) : IHostedService, IDisposable
{
    private readonly SiloRestarts _restarts = new(options, time);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <summary>How many silos took another one's place.</summary>
    public int Replaced { get; private set; }

    /// <summary>Completes when the first silo is up; throws <see cref="InvalidOperationException"/> if none comes up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        await Task.WhenAny(_up.Task, _running).WaitAsync(cancellationToken).ConfigureAwait(false);
        await (_up.Task.IsCompleted ? _up.Task : _running).ConfigureAwait(false);
    }

    /// <summary>The silo leaves: its grains end, and its row says so.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        long? endedAt = null;
        var startedAt = time.GetTimestamp();
        while (await RunOneAsync(endedAt).ConfigureAwait(false) is { } reason)
        {
            endedAt = time.GetTimestamp();
            LogEnded(reason);
            if (!_restarts.TryNext(startedAt, out var delay))
            {
                GiveUp(reason);
                return;
            }

            await Task.Delay(delay, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            startedAt = time.GetTimestamp();
        }
    }

    /// <summary>One silo from its start to its end; why it ended, or null if it left because the member stops.</summary>
    private async Task<string?> RunOneAsync(long? lastEndedAt)
    {
        using var ending = new CancellationTokenSource();
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        IHost? silo = null;
        var isUp = false;
        string? reason;
        try
        {
            silo = create(why => ended.TrySetResult(why));
            reason = await StartAsync(silo, ended.Task).ConfigureAwait(false);
            if (reason is null && !_stopping.IsCancellationRequested)
            {
                isUp = true;
                Present(silo, lastEndedAt, ending.Token);
                reason = await EndAsync(ended.Task).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it was, another silo may do better; how often that is tried is bounded.
        catch (Exception e) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            reason = e.Message;
        }
        catch (Exception e)
        {
            LogNotLeft(e.Message);
            reason = null;
        }

        current.Clear();
        await ending.CancelAsync().ConfigureAwait(false);
        if (silo is not null)
        {
            await (isUp && reason is null ? LeaveAsync(silo) : AbandonAsync(silo)).ConfigureAwait(false);
        }

        return reason;
    }

    /// <summary>Null once the silo is up or the member stops; else why it ended.</summary>
    private async Task<string?> StartAsync(IHost silo, Task<string> ended)
    {
        var starting = silo.StartAsync(_stopping.Token);
        await Task.WhenAny(starting, ended, Task.Delay(Timeout.InfiniteTimeSpan, _stopping.Token)).ConfigureAwait(false);
        if (ended.IsCompleted)
        {
            return await ended.ConfigureAwait(false);
        }

        if (starting.IsCompleted)
        {
            await starting.ConfigureAwait(false);
        }

        return null;
    }

    private void Present(IHost silo, long? lastEndedAt, CancellationToken ending)
    {
        current.Set(silo.Services.GetRequiredService<IGrainFactory>(), ending);
        _up.TrySetResult();
        if (lastEndedAt is { } since)
        {
            Replaced++;
            LogReplaced(time.GetElapsedTime(since));
        }
    }

    private async Task<string?> EndAsync(Task<string> ended)
    {
        await Task.WhenAny(ended, Task.Delay(Timeout.InfiniteTimeSpan, _stopping.Token)).ConfigureAwait(false);
        return _stopping.IsCancellationRequested ? null : await ended.ConfigureAwait(false);
    }

    private async Task LeaveAsync(IHost silo)
    {
        try
        {
            using var limit = new CancellationTokenSource(options.LeaveTimeout, time);
            await silo.StopAsync(limit.Token).WaitAsync(options.LeaveTimeout * 2, time).ConfigureAwait(false);
            await DisposeAsync(silo).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The others find out without it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotLeft(e.Message);
        }
    }

    /// <summary>It has nothing to say to anybody any more: no farewell, and no waiting for it beyond the limit.</summary>
    private async Task AbandonAsync(IHost silo)
    {
        try
        {
            await silo.StopAsync(new CancellationToken(canceled: true)).WaitAsync(options.AbandonTimeout, time).ConfigureAwait(false);
            await DisposeAsync(silo).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is dead: how is of no interest.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotAbandoned(e);
        }
    }

    private Task DisposeAsync(IHost silo) =>
        (silo is IAsyncDisposable disposable ? disposable.DisposeAsync().AsTask() : Task.Run(silo.Dispose)).WaitAsync(options.AbandonTimeout, time);

    private void GiveUp(string reason)
    {
        LogGivenUp(options.MaxRestarts, options.Window, reason);
        _up.TrySetException(new InvalidOperationException($"the silo can't be started: {reason}"));
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
