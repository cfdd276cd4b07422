using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Watch;

/// <summary>
/// Asks for progress of idle watchers at a fixed interval with jitter of up to a tenth, drawn once per stream (behaviours 142, 143).
/// It runs only on streams with a watcher that wants it.
/// </summary>
internal sealed class WatchProgressTimer(IWatchStream stream, WatcherTable watchers, TimeSpan interval, TimeProvider time)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    private Task? _loop;

    public void Start(CancellationToken cancellationToken) => _loop ??= RunAsync(cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var least = interval < MinInterval ? MinInterval : interval;
        using var timer = new PeriodicTimer(least + (least * (Random.Shared.NextDouble() / 10)), time);
        var idle = new List<long>();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                watchers.CollectIdle(idle);
                idle.ForEach(stream.RequestProgress);
                idle.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // The stream ended.
        }
    }
}
