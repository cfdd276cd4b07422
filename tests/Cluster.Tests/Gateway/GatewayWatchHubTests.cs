using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Gateway.Watch;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Gateway;

public sealed class GatewayWatchHubTests
{
    [Fact]
    public async Task A_thousand_watchers_of_one_prefix_are_one_watcher_on_the_member()
    {
        await using var rig = new GatewayRig();
        var streams = Enumerable.Range(0, 10).Select(_ => rig.Hub.OpenStream()).ToArray();
        foreach (var stream in streams)
        {
            for (var id = 0; id < 100; id++)
            {
                stream.Create(WatchRig.Watch(id, "p/", "p0"));
            }

            for (var id = 0; id < 100; id++)
            {
                await stream.NextAsync(WatchBatchKind.Created);
            }
        }

        Assert.Equal((1000, 1), (rig.Hub.Count().Watchers, rig.MemberWatchers));
        rig.Member.ApplyPut("p/1");
        foreach (var stream in streams)
        {
            for (var id = 0; id < 100; id++)
            {
                Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Events)).Revision);
            }

            await stream.DisposeAsync();
        }

        await Eventually.TrueAsync(() => rig.MemberWatchers == 0, "the last one takes the shared watch with it");
    }

    [Fact]
    public async Task Different_intervals_and_previous_states_are_not_mixed_up()
    {
        await using var rig = new GatewayRig();
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        stream.Create(WatchRig.Watch(2, "a", prevKv: true));
        stream.Create(WatchRig.Watch(3, "a", "b"));
        stream.Create(WatchRig.Watch(4, "a", filters: WatchFilters.NoPut));
        await Eventually.TrueAsync(() => rig.MemberWatchers == 3, "one for each kind; filters are the gateway's own");
        for (var i = 0; i < 4; i++)
        {
            await stream.NextAsync(WatchBatchKind.Created);
        }

        rig.Member.ApplyPut("a");
        rig.Member.Apply(revision => WatchRig.Delete("a", revision));
        var seen = new SortedDictionary<long, int>();
        while (seen.Values.Sum() < 7)
        {
            var batch = await stream.NextAsync(WatchBatchKind.Events);
            seen[batch.WatchId] = seen.GetValueOrDefault(batch.WatchId) + batch.Events.Count;
        }

        Assert.Equal([2, 2, 2, 1], seen.Values);
    }

    [Fact]
    public async Task Behaviour_116_a_watcher_that_starts_now_sees_nothing_that_was_acknowledged_here_before()
    {
        await using var rig = new GatewayRig();
        rig.Member.ApplyPut("a");
        rig.Status.ObserveRevision(2);
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Created)).Revision);
        rig.Member.ApplyPut("a");
        Assert.Equal(3, Assert.Single((await stream.NextAsync(WatchBatchKind.Events)).Events).Kv.ModRevision);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watcher_from_the_past_catches_up_by_itself_and_joins_the_shared_watch(bool others)
    {
        await using var rig = new GatewayRig();
        for (var i = 0; i < 3000; i++)
        {
            rig.Member.ApplyPut("a");
        }

        await using var live = rig.Hub.OpenStream();
        if (others)
        {
            live.Create(WatchRig.Watch(0, "a"));
            await live.NextAsync(WatchBatchKind.Created);
        }

        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(7, "a", start: 2));
        await stream.NextAsync(WatchBatchKind.Created);
        var seen = new List<long>();
        while (seen.Count < 3000)
        {
            seen.AddRange((await stream.NextAsync(WatchBatchKind.Events)).Events.Select(e => e.Kv.ModRevision));
            if (seen.Count > 500 && rig.Member.History.CurrentRevision < 3500)
            {
                rig.Member.ApplyPut("a");
            }
        }

        await rig.LiveAsync();
        await Eventually.TrueAsync(() => rig.MemberWatchers == 1, "its own watch is given up");
        rig.Member.ApplyPut("a");
        var last = rig.Member.History.CurrentRevision;
        while (seen[^1] < last)
        {
            seen.AddRange((await stream.NextAsync(WatchBatchKind.Events)).Events.Select(e => e.Kv.ModRevision));
        }

        Assert.Equal(Enumerable.Range(2, (int)last - 1).Select(r => (long)r), seen);
    }

    [Fact]
    public async Task A_future_start_waits_for_its_revision()
    {
        await using var rig = new GatewayRig();
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", start: 4));
        await stream.NextAsync(WatchBatchKind.Created);
        for (var i = 0; i < 4; i++)
        {
            rig.Member.ApplyPut("a");
        }

        Assert.Equal(4, (await stream.NextAsync(WatchBatchKind.Events)).Events[0].Kv.ModRevision);
    }

    [Fact]
    public async Task A_lost_member_makes_no_gap_and_no_duplicate()
    {
        await using var rig = new GatewayRig();
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        stream.Create(WatchRig.Watch(2, "b", start: 1));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Created);
        var seen = new Dictionary<long, List<long>> { [1] = [], [2] = [] };
        for (var round = 0; round < 20; round++)
        {
            rig.Member.ApplyPut("a");
            rig.Member.ApplyPut("b");
            rig.LoseMember();
            rig.Member.ApplyPut("a");
            rig.Member.ApplyPut("b");
            while (seen.Values.Sum(s => s.Count) < 4 * (round + 1))
            {
                var batch = await stream.NextAsync(WatchBatchKind.Events);
                seen[batch.WatchId].AddRange(batch.Events.Select(e => e.Kv.ModRevision));
            }
        }

        Assert.Equal(Enumerable.Range(1, 40).Select(i => 2L * i), seen[1]);
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (2L * i) + 1), seen[2]);
        Assert.True(rig.Hub.Count().Reconnects > 0);
    }

    [Fact]
    public async Task What_was_compacted_while_no_member_was_there_cancels_the_watcher_behaviour_120()
    {
        await using var rig = new GatewayRig(new GatewayWatchOptions { ReconnectDelay = TimeSpan.FromMilliseconds(200) });
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        await stream.NextAsync(WatchBatchKind.Created);
        rig.LoseMember();
        for (var i = 0; i < 5; i++)
        {
            rig.Member.ApplyPut("a");
        }

        rig.Member.History.Compact(5);
        var end = await stream.NextAsync(WatchBatchKind.Compacted);
        Assert.Equal((1, 5), (end.WatchId, end.CompactRevision));
        Assert.False(stream.Contains(1));
        stream.Create(WatchRig.Watch(1, "a", start: 5));
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(5, (await stream.NextAsync(WatchBatchKind.Events)).Events[0].Kv.ModRevision);
    }

    [Fact]
    public async Task A_start_below_the_compaction_is_refused_behaviour_106()
    {
        await using var rig = new GatewayRig();
        for (var i = 0; i < 5; i++)
        {
            rig.Member.ApplyPut("a");
        }

        rig.Member.History.Compact(4);
        rig.Status.ObserveRevision(6);
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", start: 2));
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(4, (await stream.NextAsync(WatchBatchKind.Compacted)).CompactRevision);
    }

    [Fact]
    public async Task Progress_is_answered_once_everything_up_to_it_was_sent_behaviour_146()
    {
        await using var rig = new GatewayRig();
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        stream.Create(WatchRig.Watch(2, "b"));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Created);
        rig.Member.ApplyPut("a");
        rig.Member.ApplyPut("other");
        rig.Status.ObserveRevision(3);
        stream.RequestProgress();
        Assert.Equal(1, (await stream.NextAsync(WatchBatchKind.Events)).WatchId);
        var progress = await stream.NextAsync(WatchBatchKind.Progress);
        Assert.Equal((-1, 3), (progress.WatchId, progress.Revision));
        stream.RequestProgress(2);
        progress = await stream.NextAsync(WatchBatchKind.Progress);
        Assert.Equal((2, 3), (progress.WatchId, progress.Revision));
    }

    [Fact]
    public async Task A_cancelled_watcher_gets_its_answer_and_nothing_more_behaviours_124_125()
    {
        await using var rig = new GatewayRig();
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        stream.Create(WatchRig.Watch(2, "a"));
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.True(stream.Cancel(1));
        Assert.False(stream.Cancel(1));
        rig.Member.ApplyPut("a");
        await stream.NextAsync(WatchBatchKind.Canceled);
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Events)).WatchId);
        Assert.Equal(1, rig.MemberWatchers);
    }

    [Fact]
    public async Task A_slow_client_loses_nothing_and_holds_up_nobody_behaviour_138()
    {
        await using var rig = new GatewayRig(new GatewayWatchOptions { MaxBufferedBatches = 4 });
        await using var slow = rig.Hub.OpenStream();
        await using var quick = rig.Hub.OpenStream();
        slow.Create(WatchRig.Watch(1, "a"));
        quick.Create(WatchRig.Watch(1, "a"));
        await slow.NextAsync(WatchBatchKind.Created);
        await quick.NextAsync(WatchBatchKind.Created);
        for (var i = 2; i <= 101; i++)
        {
            rig.Member.ApplyPut("a");
            Assert.Equal(i, (await quick.NextAsync(WatchBatchKind.Events)).Events[^1].Kv.ModRevision);
        }

        Assert.Equal(1, rig.Hub.Count().CatchingUp);
        var seen = new List<long>();
        while (seen.Count < 100)
        {
            seen.AddRange((await slow.NextAsync(WatchBatchKind.Events)).Events.Select(e => e.Kv.ModRevision));
        }

        Assert.Equal(Enumerable.Range(2, 100).Select(r => (long)r), seen);
        await rig.LiveAsync();
    }

    [Fact]
    public async Task Streams_end_with_the_hub()
    {
        var rig = new GatewayRig();
        var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a"));
        await stream.NextAsync(WatchBatchKind.Created);
        await rig.DisposeAsync();
        Assert.False(await stream.WaitToReadAsync(TestContext.Current.CancellationToken));
        await Eventually.TrueAsync(() => rig.MemberWatchers == 0, "nothing is left on the member");
    }
}
