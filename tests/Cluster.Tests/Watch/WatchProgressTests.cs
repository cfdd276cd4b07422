using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

public sealed class WatchProgressTests
{
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
    public async Task Behaviour_145_one_watcher_is_answered_if_it_is_live_and_started()
    {
        await using var rig = new WatchRig(feed: false);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        stream.Create(WatchRig.Watch(2, "a", start: 100));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Created);
        rig.Hub.Publish([rig.Store(number => WatchRig.Put("b", number))]);
        stream.RequestProgress(1);
        stream.RequestProgress(2);
        stream.RequestProgress(3);
        WatchBatch progress = await stream.NextAsync(WatchBatchKind.Progress);
        Assert.Equal((1, 2), (progress.WatchId, progress.Revision));
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_144_progress_never_runs_ahead_of_the_live_flow()
    {
        await using var rig = new WatchRig(feed: false);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        await stream.NextAsync(WatchBatchKind.Created);
        rig.Store(number => WatchRig.Put("a", number));
        stream.RequestProgress(1);
        Assert.Equal(1, (await stream.NextAsync(WatchBatchKind.Progress)).Revision);
    }
}
