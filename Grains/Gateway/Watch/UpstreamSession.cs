using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>
/// A gateway's stream of watchers on some member. When that member is lost it opens another one, where the receiver's watchers are created anew;
/// each of them knows the revision from which it goes on.
/// </summary>
internal sealed class UpstreamSession : IAsyncDisposable
{
    /// <summary>How much longer than its own wait a member may take to answer before it is given up.</summary>
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(2);

    private readonly Func<IWatchRelayGrain> _open;
    private readonly IUpstreamReceiver _receiver;
    private readonly GatewayStatus _status;
    private readonly MemberLoss _loss;
    private readonly TimeSpan _wait;
    private readonly TimeSpan _reconnectDelay;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private IWatchRelayGrain? _relay;

    public UpstreamSession(
        Func<IWatchRelayGrain> open,
        IUpstreamReceiver receiver,
        GatewayStatus status,
        MemberLoss loss,
        TimeSpan wait,
        TimeSpan reconnectDelay,
        TimeProvider time)
    {
        _loss = loss;
        _open = open;
        _receiver = receiver;
        _status = status;
        _wait = wait;
        _reconnectDelay = reconnectDelay;
        _time = time;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Times that a member had to be replaced.</summary>
    public int Reconnects { get; private set; }

    /// <summary>Adds a watcher; without a member, or if that fails, the next one gets it by <see cref="IUpstreamReceiver.Connected"/>.</summary>
    public Task CreateAsync(WatchRequest request) => TellAsync(relay => relay.CreateAsync(request));

    public Task CancelAsync(long watchId) => TellAsync(relay => relay.CancelAsync(watchId));

    public Task RequestProgressAsync() => TellAsync(static relay => relay.RequestProgressAsync());

    /// <summary>Ends the session without waiting for it: it may be called from its own receiver.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            IWatchRelayGrain? relay = null;
            try
            {
                relay = _open();
                await ServeAsync(relay).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Whatever it is: another member, or this one again, is asked next.
            }

            var wasConnected = Interlocked.Exchange(ref _relay, null) is not null;
            if (_stop.IsCancellationRequested)
            {
                await IgnoreAsync(relay?.CloseAsync() ?? Task.CompletedTask).ConfigureAwait(false);
                return;
            }

            Reconnects += wasConnected ? 1 : 0;
            await Task.Delay(_reconnectDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(IWatchRelayGrain relay)
    {
        var lost = _loss.Next;
        _status.Observe(await AnswerAsync(relay.OpenAsync(), lost).ConfigureAwait(false));
        Volatile.Write(ref _relay, relay);
        foreach (var request in _receiver.Connected())
        {
            await DoneAsync(relay.CreateAsync(request), lost).ConfigureAwait(false);
        }

        // Answers may be there at once, each time, and then no wait ever sees that the session is stopped.
        while (!_stop.IsCancellationRequested)
        {
            foreach (var batch in await AnswerAsync(relay.ReadAsync(_wait), lost).ConfigureAwait(false))
            {
                _status.ObserveRevision(batch.Revision);
                _receiver.Received(batch);
            }

            if (_receiver.WantsProgress())
            {
                await DoneAsync(relay.RequestProgressAsync(), lost).ConfigureAwait(false);
            }
        }
    }

    private async Task<T> AnswerAsync<T>(Task<T> call, Task lost)
    {
        await DoneAsync(call, lost).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    /// <summary>Waits for a call; throws if it fails, takes too long, or a connection is lost, which may be this one.</summary>
    private async Task DoneAsync(Task call, Task lost)
    {
        if (await Task.WhenAny(call, lost).WaitAsync(_wait + AnswerMargin, _time, _stop.Token).ConfigureAwait(false) != call)
        {
            _ = IgnoreAsync(call);
            throw new OperationCanceledException("the connection to the member is lost");
        }

        await call.ConfigureAwait(false);
    }

    private async Task TellAsync(Func<IWatchRelayGrain, Task> tell)
    {
        if (Volatile.Read(ref _relay) is { } relay)
        {
            await IgnoreAsync(tell(relay)).ConfigureAwait(false);
        }
    }

    // The loop sees the same failure by its own call.
    private static async Task IgnoreAsync(Task call) => await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
