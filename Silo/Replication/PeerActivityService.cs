using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Replication;

/// <summary>Has <see cref="PeerActivity"/> look at the members in regular intervals.</summary>
internal sealed class PeerActivityService(PeerActivity activity, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            activity.Observe();
        }
    }
}
