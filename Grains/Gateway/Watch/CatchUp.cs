using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>
/// Brings one watcher from the past to where its shared watch is, on a stream of its own: so it is fetched no faster than its client reads, and
/// holds up nobody else.
/// </summary>
internal sealed class CatchUp(GatewayWatchHub hub, GatewayWatcher watcher) : IUpstreamReceiver, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Waits for its turn, then runs until <see cref="Stop"/>.</summary>
    public async Task RunAsync(SemaphoreSlim turns, Func<IUpstreamReceiver, UpstreamSession> open)
    {
        try
        {
            await turns.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Dispose();
            return;
        }

        try
        {
            await using var session = open(this);
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            turns.Release();
            Dispose();
        }
    }

    /// <summary>Returns at once; it may be called from within what this receives, and under the hub's lock.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();

    public IReadOnlyList<WatchRequest> Connected() => [watcher.Request with { WatchId = 0, StartRevision = hub.NextOf(watcher) }];

    public void Received(WatchBatch batch) => hub.CaughtUp(this, watcher, batch);

    /// <summary>The member answers only once the watcher has everything.</summary>
    public bool WantsProgress() => true;
}
