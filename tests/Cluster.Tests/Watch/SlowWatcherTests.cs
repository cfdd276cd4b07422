using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

public sealed class SlowWatcherTests
{
    [Fact]
    public async Task Behaviour_135_catch_up_batches_hold_at_most_so_many_whole_revisions()
    {
        await using var rig = new WatchRig(new WatchHubOptions { CatchUpRevisions = 4 }, new RevisionLogOptions { MaxRevisions = 8 });
        for (int i = 0; i < 30; i++)
        {
            rig.Apply(revision => WatchRig.Put("a", revision), revision => WatchRig.Put("a2", revision));
        }

        await rig.PassAsync();

        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a", "b", start: 1));
        await stream.NextAsync(WatchBatchKind.Created);
        long next = 2;
        while (next <= 31)
        {
            WatchBatch batch = await stream.NextAsync(WatchBatchKind.Events);
            Assert.Equal(31, batch.Revision);
            long[] revisions = [.. batch.Events.Select(watchEvent => watchEvent.Kv.ModRevision)];
            Assert.InRange(revisions.Distinct().Count(), 1, 4);
            Assert.Equal(revisions, Enumerable.Range(0, revisions.Length).Select(i => next + (i / 2)));
            next += revisions.Length / 2;
        }
    }

    [Fact]
    public async Task Behaviour_138_a_slow_watcher_loses_nothing()
    {
        await using var rig = new WatchRig(new WatchHubOptions { MaxBufferedBatches = 4, CatchUpRevisions = 10 });
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        for (int i = 0; i < 500; i++)
        {
            rig.ApplyPut("a");
        }

        await Eventually.TrueAsync(() => rig.Hub.GetStatistics().SlowWatchers == 1, "the watcher falls behind");
        Assert.InRange(rig.Hub.GetStatistics().LagRevisions, 1, 500);
        await stream.NextAsync(WatchBatchKind.Created);
        for (long next = 2; next <= 501;)
        {
            foreach (WatchEvent watchEvent in (await stream.NextAsync(WatchBatchKind.Events)).Events)
            {
                Assert.Equal(next++, watchEvent.Kv.ModRevision);
            }
        }

        await Eventually.TrueAsync(() => rig.Hub.GetStatistics().SlowWatchers == 0, "the watcher is live again");
        rig.ApplyPut("a");
        Assert.Equal(502, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
    }

    [Fact]
    public async Task Behaviour_106_a_slow_watcher_behind_the_compaction_is_cancelled()
    {
        await using var rig = new WatchRig(new WatchHubOptions { MaxBufferedBatches = 2 });
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(3, "a"));
        for (int i = 0; i < 50; i++)
        {
            rig.ApplyPut("a");
        }

        await Eventually.TrueAsync(() => rig.Hub.GetStatistics().SlowWatchers == 1, "the watcher falls behind");
        rig.History.Compact(40);
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
        Assert.Equal(3, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
        Assert.Equal(40, (await stream.NextAsync(WatchBatchKind.Compacted)).CompactRevision);
    }

    [Fact]
    public async Task Buffers_are_bounded_in_bytes_too()
    {
        await using var rig = new WatchRig(new WatchHubOptions { MaxBufferedBytes = 100_000 });
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        string large = new('x', 60_000);
        for (int i = 0; i < 10; i++)
        {
            rig.Apply(revision => WatchRig.Put("a", revision, large));
        }

        await Eventually.TrueAsync(() => rig.Hub.GetStatistics().SlowWatchers == 1, "the buffer is full");
        Assert.Equal(2, rig.Hub.GetStatistics().Events);
    }

    [Fact]
    public async Task Behaviour_141_a_jump_of_the_state_is_read_from_the_store()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        rig.ApplyPut("a");
        rig.Store(revision => WatchRig.Put("a", revision));
        rig.Store(revision => WatchRig.Put("b", revision));
        rig.Store(revision => WatchRig.Put("a", revision));
        rig.Log.Reset(rig.History.CurrentRevision);
        await stream.NextAsync(WatchBatchKind.Created);
        var seen = new List<long>();
        while (seen.Count < 3)
        {
            seen.AddRange((await stream.NextAsync(WatchBatchKind.Events)).Events.Select(watchEvent => watchEvent.Kv.ModRevision));
        }

        Assert.Equal([2, 3, 5], seen);
        rig.ApplyPut("a");
        Assert.Equal(6, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
    }
}
