using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Cluster.Tests.Watch;

public sealed class WatchProgressTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // The jitter adds at most a tenth (behaviour 142).
    private static readonly TimeSpan Tick = Interval * 1.1;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Behaviour_146_a_request_is_answered_for_the_whole_stream_after_all_events()
    {
        await using var rig = new WatchRig(feed: false);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        RevisionEvents revision = rig.Store(number => WatchRig.Put("a", number));
        stream.RequestProgress();
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.False(stream.TryRead(out _));
        rig.Hub.Publish([revision]);
        await stream.NextAsync(WatchBatchKind.Events);
        WatchBatch progress = await stream.NextAsync(WatchBatchKind.Progress);
        Assert.Equal((-1, 2), (progress.WatchId, progress.Revision));
        stream.RequestProgress();
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Progress)).Revision);
    }

    [Fact]
    public async Task Behaviour_147_a_watcher_that_catches_up_or_has_not_started_drops_the_request()
    {
        await using var rig = new WatchRig(new WatchHubOptions { MaxBufferedBatches = 1 });
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a", start: 100));
        stream.RequestProgress();
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.False(stream.TryRead(out _));
        stream.Cancel(0);
        await stream.NextAsync(WatchBatchKind.Canceled);

        stream.Create(WatchRig.Watch(1, "a"));
        for (int i = 0; i < 5; i++)
        {
            rig.ApplyPut("a");
        }

        await Fakes.Eventually.TrueAsync(() => rig.Hub.GetStatistics().SlowWatchers == 1, "the watcher falls behind");
        stream.RequestProgress();
        await stream.NextAsync(WatchBatchKind.Created);
        for (int events = 0; events < 5;)
        {
            events += (await stream.NextAsync(WatchBatchKind.Events)).Events.Count;
        }

        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_148_without_watchers_there_is_no_answer()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.RequestProgress();
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_142_idle_watchers_that_asked_are_told_and_busy_ones_are_not()
    {
        await using var rig = new WatchRig(new WatchHubOptions { ProgressInterval = Interval }, feed: false, time: _time);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", progress: true));
        stream.Create(WatchRig.Watch(2, "b", progress: true));
        stream.Create(WatchRig.Watch(3, "a"));
        stream.Create(WatchRig.Watch(4, "a", start: 100, progress: true));
        for (int i = 0; i < 4; i++)
        {
            await stream.NextAsync(WatchBatchKind.Created);
        }

        rig.Hub.Publish([rig.Store(number => WatchRig.Put("b", number))]);
        await stream.NextAsync(WatchBatchKind.Events);
        _time.Advance(Tick);
        WatchBatch first = await stream.NextAsync(WatchBatchKind.Progress);
        Assert.Equal((1, 2), (first.WatchId, first.Revision));
        Assert.False(stream.TryRead(out _));
        _time.Advance(Tick);
        WatchBatch[] both = [await stream.NextAsync(WatchBatchKind.Progress), await stream.NextAsync(WatchBatchKind.Progress)];
        Assert.Equal([1, 2], both.Select(batch => batch.WatchId).Order());
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_143_a_tiny_interval_is_raised()
    {
        await using var rig = new WatchRig(new WatchHubOptions { ProgressInterval = TimeSpan.FromMilliseconds(1) }, feed: false, time: _time);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", progress: true));
        await stream.NextAsync(WatchBatchKind.Created);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(stream.TryRead(out _));
        _time.Advance(TimeSpan.FromMilliseconds(11));
        await stream.NextAsync(WatchBatchKind.Progress);
    }

    [Fact]
    public async Task No_progress_comes_after_the_stream_is_closed()
    {
        await using var rig = new WatchRig(new WatchHubOptions { ProgressInterval = Interval }, feed: false, time: _time);
        IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", progress: true));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.DisposeAsync();
        _time.Advance(Tick);
        Assert.False(stream.TryRead(out _));
    }
}
