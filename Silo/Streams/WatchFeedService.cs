using Krewe.Grains.Watch;

namespace Krewe.Silo.Streams;

/// <summary>Feeds the watch hub while the host runs.</summary>
internal sealed class WatchFeedService(RevisionLog log, WatchHub hub) : IHostedService, IAsyncDisposable
{
    private RevisionLogFeed? _feed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _feed = new RevisionLogFeed(log, hub);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync().ConfigureAwait(false);
        await hub.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync().ConfigureAwait(false);
        }
    }
}
