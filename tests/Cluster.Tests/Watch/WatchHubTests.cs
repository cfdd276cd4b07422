using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

public sealed class WatchHubTests
{
    [Fact]
    public async Task Behaviour_115_created_comes_first_with_the_stores_revision()
    {
        await using var rig = new WatchRig();
        rig.ApplyPut("a");
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(5, "a"));
        rig.ApplyPut("a");
        WatchBatch created = await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal((5, 2), (created.WatchId, created.Revision));
        WatchBatch events = await stream.NextAsync(WatchBatchKind.Events);
        Assert.Equal((5, 3), (events.WatchId, events.Revision));
    }

    [Fact]
    public async Task The_live_flow_is_wanted_from_the_first_stream_to_the_last()
    {
        await using var rig = new WatchRig(feed: false);
        var demands = new List<bool>();
        rig.Hub.DemandChanged = demands.Add;
        IWatchStream first = rig.Hub.OpenStream();
        IWatchStream second = rig.Hub.OpenStream();
        await first.DisposeAsync();
        await second.DisposeAsync();
        await using IWatchStream third = rig.Hub.OpenStream();
        Assert.Equal([false, true, false, true], demands);
    }

    [Fact]
    public async Task The_first_stream_skips_what_was_applied_while_nobody_watched()
    {
        await using var rig = new WatchRig(feed: false);
        rig.Store(revision => WatchRig.Put("a", revision));
        rig.Store(revision => WatchRig.Put("a", revision));
        Assert.Equal(1, rig.Hub.Position);
        await using IWatchStream first = rig.Hub.OpenStream();
        Assert.Equal(3, rig.Hub.Position);
        rig.Store(revision => WatchRig.Put("a", revision));
        await using IWatchStream second = rig.Hub.OpenStream();
        Assert.Equal(3, rig.Hub.Position);
    }

    [Fact]
    public async Task A_stream_that_wakes_the_live_flow_sees_all_from_its_start_and_nothing_before()
    {
        await using var rig = new WatchRig(log: new RevisionLogOptions { MaxRevisions = 4 });
        for (int i = 0; i < 10; i++)
        {
            rig.ApplyPut("a");
        }

        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        stream.Create(WatchRig.Watch(1, "a", start: 3));
        rig.ApplyPut("a");
        var seen = new Dictionary<long, List<long>> { [0] = [], [1] = [] };
        while (seen[0].Count < 1 || seen[1].Count < 10)
        {
            WatchBatch batch = await stream.NextAsync();
            seen[batch.WatchId].AddRange(batch.Events.Select(watchEvent => watchEvent.Kv.ModRevision));
        }

        Assert.Equal([12], seen[0]);
        Assert.Equal(Enumerable.Range(3, 10).Select(revision => (long)revision), seen[1]);
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_116_what_was_applied_before_the_watch_is_not_seen_even_if_the_live_flow_lags()
    {
        await using var rig = new WatchRig(feed: false);
        RevisionEvents before = rig.Store(revision => WatchRig.Put("a", revision));
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        RevisionEvents after = rig.Store(revision => WatchRig.Put("a", revision));
        rig.Hub.Publish([before, after]);
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(after.Revision, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_117_a_start_in_the_past_replays_and_goes_on_live()
    {
        await using var rig = new WatchRig();
        for (int i = 0; i < 10; i++)
        {
            rig.ApplyPut(i % 2 == 0 ? "a" : "b");
        }

        await rig.PassAsync();

        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a", start: 5));
        await stream.NextAsync(WatchBatchKind.Created);
        WatchBatch replay = await stream.NextAsync(WatchBatchKind.Events);
        Assert.Equal([6, 8, 10], replay.Events.Select(watchEvent => watchEvent.Kv.ModRevision));
        Assert.Equal(11, replay.Revision);
        rig.ApplyPut("a");
        Assert.Equal(12, (await stream.NextAsync(WatchBatchKind.Events)).Events[0].Kv.ModRevision);
    }

    [Fact]
    public async Task Behaviour_118_a_start_in_the_future_sees_nothing_below_it()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a", start: 4));
        await stream.NextAsync(WatchBatchKind.Created);
        for (int i = 0; i < 4; i++)
        {
            rig.ApplyPut("a");
        }

        Assert.Equal(4, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
        Assert.Equal(5, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
    }

    [Fact]
    public async Task Behaviour_120_a_start_below_the_compaction_is_created_and_then_cancelled()
    {
        await using var rig = new WatchRig();
        for (int i = 0; i < 5; i++)
        {
            rig.ApplyPut("a");
        }

        await rig.PassAsync();
        rig.History.Compact(4);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(7, "a", start: 3));
        await stream.NextAsync(WatchBatchKind.Created);
        WatchBatch compacted = await stream.NextAsync(WatchBatchKind.Compacted);
        Assert.Equal((7, 4, 0), (compacted.WatchId, compacted.CompactRevision, compacted.Revision));
        Assert.False(stream.Contains(7));
    }

    [Fact]
    public async Task Behaviour_121_a_start_at_the_compaction_is_valid()
    {
        await using var rig = new WatchRig();
        for (int i = 0; i < 5; i++)
        {
            rig.ApplyPut("a");
        }

        await rig.PassAsync();
        rig.History.Compact(4);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(7, "a", start: 4));
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal([4, 5, 6], (await stream.NextAsync(WatchBatchKind.Events)).Events.Select(watchEvent => watchEvent.Kv.ModRevision));
    }

    [Theory]
    [InlineData(1, new long[] { 2, 3, 4 })]
    [InlineData(4, new long[] { 0, 4 })]
    [InlineData(5, new long[] { 0 })]
    public async Task Behaviours_87_131_a_replay_from_the_compaction_reads_the_store_which_has_no_compacted_state(long compacted, long[] previous)
    {
        await using var rig = new WatchRig();
        var last = rig.ApplyPut("a").Events[0].Kv;
        for (int i = 0; i < 3; i++)
        {
            KeyValue before = last;
            last = rig.Apply(revision => new WatchEvent(
                false, new KeyValue(before.Key, before.CreateRevision, revision, before.Version + 1, before.Value, 0), before)).Events[0].Kv;
        }

        await rig.PassAsync();
        rig.History.Compact(compacted);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(7, "a", start: Math.Max(compacted, 3), prevKv: true));
        await stream.NextAsync(WatchBatchKind.Created);
        WatchBatch replay = await stream.NextAsync(WatchBatchKind.Events);
        Assert.Equal(previous, replay.Events.Select(watchEvent => watchEvent.PrevKv?.ModRevision ?? 0));
        Assert.Equal(Math.Max(compacted, 3) == compacted ? 1 : 0, rig.History.Reads);
    }

    [Fact]
    public async Task Behaviours_124_125_cancel_ends_a_known_watcher_and_ignores_an_unknown_one()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        Assert.False(stream.Cancel(2));
        Assert.True(stream.Contains(1));
        Assert.True(stream.Cancel(1));
        Assert.False(stream.Cancel(1));
        RevisionEvents last = rig.ApplyPut("a");
        await Eventually.TrueAsync(() => rig.Hub.Position == last.Revision, "the hub passes it");
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(1, (await stream.NextAsync(WatchBatchKind.Canceled)).WatchId);
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task Behaviour_114_a_live_id_is_not_replaced()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        Assert.Throws<ArgumentException>(() => stream.Create(WatchRig.Watch(1, "b")));
        stream.Cancel(1);
        stream.Create(WatchRig.Watch(1, "b"));
        Assert.True(stream.Contains(1));
    }

    [Fact]
    public async Task Behaviour_132_filters_drop_kinds_and_empty_batches_are_not_sent()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", filters: WatchFilters.NoPut));
        stream.Create(WatchRig.Watch(2, "a", filters: WatchFilters.NoDelete));
        rig.ApplyPut("a");
        rig.Apply(revision => WatchRig.Delete("a", revision));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Created);
        WatchBatch put = await stream.NextAsync(WatchBatchKind.Events);
        Assert.Equal((2, 2), (put.WatchId, put.Revision));
        WatchBatch delete = await stream.NextAsync(WatchBatchKind.Events);
        Assert.Equal((1, 3), (delete.WatchId, delete.Revision));
    }

    [Fact]
    public async Task Behaviour_134_a_revision_is_one_batch_in_operation_order()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", "c"));
        stream.Create(WatchRig.Watch(2, "\0", "\0"));
        RevisionEvents revision = rig.Apply(
            number => WatchRig.Put("b", number),
            number => WatchRig.Put("a", number),
            number => WatchRig.Put("z", number),
            number => WatchRig.Delete("b0", number));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Created);
        WatchBatch[] batches = [await stream.NextAsync(), await stream.NextAsync()];
        Assert.Equal([revision.Events[0], revision.Events[1], revision.Events[3]], batches.Single(batch => batch.WatchId == 1).Events);
        Assert.Same(revision.Events, batches.Single(batch => batch.WatchId == 2).Events);
    }

    [Fact]
    public async Task A_thousand_watchers_share_one_event_object()
    {
        await using var rig = new WatchRig();
        IWatchStream[] streams = [.. Enumerable.Range(0, 1000).Select(_ => rig.Hub.OpenStream())];
        foreach (IWatchStream stream in streams)
        {
            stream.Create(WatchRig.Watch(0, "/p/", "/p0"));
        }

        RevisionEvents revision = rig.ApplyPut("/p/x");
        foreach (IWatchStream stream in streams)
        {
            await stream.NextAsync(WatchBatchKind.Created);
            Assert.Same(revision.Events[0], (await stream.NextAsync(WatchBatchKind.Events)).Events[0]);
            await stream.DisposeAsync();
        }

        Assert.Equal(new WatchHubStatistics(0, 0, 0, 1000, 0, 0), rig.Hub.GetStatistics());
    }

    [Fact]
    public async Task A_revision_that_is_published_twice_is_delivered_once()
    {
        await using var rig = new WatchRig(feed: false);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        RevisionEvents first = rig.Store(revision => WatchRig.Put("a", revision));
        RevisionEvents second = rig.Store(revision => WatchRig.Put("a", revision));
        rig.Hub.Publish([first]);
        rig.Hub.Publish([first, second]);
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(2, (await stream.NextAsync()).Revision);
        Assert.Equal(3, (await stream.NextAsync()).Revision);
        Assert.False(stream.TryRead(out _));
    }

    [Fact]
    public async Task A_store_that_fails_to_read_is_tried_again()
    {
        await using var rig = new WatchRig(new WatchHubOptions { CatchUpRetryDelay = TimeSpan.FromMilliseconds(1) }, new RevisionLogOptions { MaxRevisions = 1 });
        rig.ApplyPut("a");
        rig.ApplyPut("a");
        rig.History.NextFailure = new StoreFaultException("broken", false);
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a", start: 2));
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Events)).Events.Count);
        Assert.Null(rig.History.NextFailure);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_store_that_fails_in_the_live_flow_costs_no_watcher_an_event()
    {
        await using var rig = new WatchRig(new WatchHubOptions { CatchUpRetryDelay = TimeSpan.FromMilliseconds(1) });
        await using IWatchStream stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(0, "a", prevKv: true));
        await stream.NextAsync(WatchBatchKind.Created);
        rig.History.NextPrevKvFailure = new StoreFaultException("broken", false);
        KeyValue created = rig.ApplyPut("a").Events[0].Kv;
        rig.Apply(revision => new WatchEvent(false, created with { ModRevision = revision, Version = 2 }, null));
        var seen = new List<WatchEvent>();
        while (seen.Count < 2)
        {
            seen.AddRange((await stream.NextAsync(WatchBatchKind.Events)).Events);
        }

        rig.Apply(revision => WatchRig.Delete("a", revision));
        seen.AddRange((await stream.NextAsync(WatchBatchKind.Events)).Events);
        Assert.Null(rig.History.NextPrevKvFailure);
        Assert.Equal([2, 3, 4], seen.Select(watchEvent => watchEvent.Kv.ModRevision));
        Assert.Equal([null, 2, 3], seen.Select(watchEvent => watchEvent.PrevKv?.ModRevision));
    }

    [Fact]
    public async Task Behaviour_131_the_previous_state_is_found_for_events_that_were_applied_without_it()
    {
        await using var rig = new WatchRig();
        RevisionEvents created = rig.ApplyPut("a");
        rig.Apply(revision => new WatchEvent(false, created.Events[0].Kv with { ModRevision = revision, Version = 2 }, null));
        await rig.PassAsync();
        await using IWatchStream stream = rig.Hub.OpenStream();
        Assert.False(rig.Log.WantsPrevKv);
        stream.Create(WatchRig.Watch(0, "a", start: 2, prevKv: true));
        Assert.True(rig.Log.WantsPrevKv);
        await stream.NextAsync(WatchBatchKind.Created);
        WatchBatch replay = await stream.NextAsync(WatchBatchKind.Events);
        Assert.Null(replay.Events[0].PrevKv);
        Assert.Equal(created.Events[0].Kv, replay.Events[1].PrevKv);
        rig.Apply(revision => WatchRig.Delete("a", revision));
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Events)).Events[0].PrevKv?.Version);
        stream.Cancel(0);
        Assert.False(rig.Log.WantsPrevKv);
    }

    [Fact]
    public async Task Streams_end_when_the_hub_stops_and_when_they_are_disposed()
    {
        var rig = new WatchRig();
        IWatchStream disposed = rig.Hub.OpenStream();
        IWatchStream open = rig.Hub.OpenStream();
        open.Create(WatchRig.Watch(0, "a"));
        await disposed.DisposeAsync();
        Assert.False(await disposed.WaitToReadAsync(TestContext.Current.CancellationToken));
        Task<bool> waiting = WaitForEndAsync(open);
        await rig.DisposeAsync();
        Assert.False(await waiting);
        Assert.False(await rig.Hub.OpenStream().WaitToReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wait_ends_with_its_token_and_the_next_one_works()
    {
        await using var rig = new WatchRig();
        await using IWatchStream stream = rig.Hub.OpenStream();
        using var stop = new CancellationTokenSource();
        ValueTask<bool> waiting = stream.WaitToReadAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        stream.Create(WatchRig.Watch(0, "a"));
        await stream.NextAsync(WatchBatchKind.Created);
    }

    private static async Task<bool> WaitForEndAsync(IWatchStream stream)
    {
        while (await stream.WaitToReadAsync(CancellationToken.None))
        {
            stream.TryRead(out _);
        }

        return false;
    }
}
