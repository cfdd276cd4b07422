using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Watch;

internal static class WatchReading
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<WatchBatch> NextAsync(this IWatchStream stream)
    {
        using var limit = new CancellationTokenSource(Limit);
        Assert.True(await stream.WaitToReadAsync(limit.Token));
        Assert.True(stream.TryRead(out WatchBatch batch));
        return batch;
    }

    public static async Task<WatchBatch> NextAsync(this IWatchStream stream, WatchBatchKind kind)
    {
        WatchBatch batch = await stream.NextAsync();
        Assert.Equal(kind, batch.Kind);
        return batch;
    }
}
