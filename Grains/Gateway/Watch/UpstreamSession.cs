using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>
/// A gateway's stream of watchers on some member. When that member is lost it opens another one, where the receiver's watchers are created anew;
/// each of them knows the revision from which it goes on.
/// </summary>
internal sealed class UpstreamSession : IAsyncDisposable
{
    private readonly Func<IWatchRelayGrain> _open;
    private readonly IUpstreamReceiver _receiver;
    private readonly GatewayStatus _status;
    private readonly TimeSpan _wait;
    private readonly TimeSpan _reconnectDelay;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private IWatchRelayGrain? _relay;

    public UpstreamSession(
        Func<IWatchRelayGrain> open, IUpstreamReceiver receiver, GatewayStatus status, TimeSpan wait, TimeSpan reconnectDelay, TimeProvider time)
    {
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

            Volatile.Write(ref _relay, null);
            if (_stop.IsCancellationRequested)
            {
                await IgnoreAsync(relay?.CloseAsync() ?? Task.CompletedTask).ConfigureAwait(false);
                return;
            }

            Reconnects++;
            await Task.Delay(_reconnectDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(IWatchRelayGrain relay)
    {
        _status.Observe(await relay.OpenAsync().WaitAsync(_stop.Token).ConfigureAwait(false));
        Volatile.Write(ref _relay, relay);
        foreach (var request in _receiver.Connected())
        {
            await relay.CreateAsync(request).WaitAsync(_stop.Token).ConfigureAwait(false);
        }

        while (true)
        {
            foreach (var batch in await relay.ReadAsync(_wait).WaitAsync(_stop.Token).ConfigureAwait(false))
            {
                _status.ObserveRevision(batch.Revision);
                _receiver.Received(batch);
            }

            if (_receiver.WantsProgress())
            {
                await relay.RequestProgressAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
            }
        }
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
