using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Streams;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>Members that fell behind the log of the others, over real sockets, logs and stores.</summary>
public sealed class SnapshotClusterTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task A_member_that_was_away_for_longer_than_the_log_reaches_gets_a_snapshot_and_goes_on_from_it()
    {
        await using var cluster = SnapshotCluster.Start();
        await cluster.PutAsync(20);
        var away = (await cluster.FollowerAsync()).Id;
        await cluster.LeaveBehindAsync(away, (await cluster.StopAsync(away)).Node.AppliedIndex);
        cluster.Restart(away);
        await cluster.RequireCaughtUpAsync(away);
        Assert.True(cluster.Members.Sum(m => m.TransfersBegun) > 0, "the log alone was enough: nothing was tested");
        await cluster.PutAsync(20);
        await cluster.RequireCaughtUpAsync(away);

        // And again from the disk.
        await cluster.StopAsync(away);
        var restarted = cluster.Restart(away);
        Assert.False(restarted.FinishedAtStart);
        await cluster.RequireCaughtUpAsync(away);
    }

    [Fact(Timeout = Timeout)]
    public async Task B138_to_B141_watchers_of_a_member_that_installs_a_snapshot_see_every_revision_once()
    {
        await using var cluster = SnapshotCluster.Start();
        await cluster.PutAsync(20);
        var member = await cluster.FollowerAsync();
        await cluster.RequireCaughtUpAsync(member.Id);
        await using var stream = member.Hub.OpenStream();
        stream.Create(new WatchRequest(1, SnapshotMember.Bytes("key-"), SnapshotMember.Bytes("key."), 2, WatchFilters.None, PrevKv: true));
        cluster.CutOff(member.Id);
        await cluster.LeaveBehindAsync(member.Id, member.Node.AppliedIndex);
        cluster.CutOff(member.Id, isCut: false);
        await cluster.RequireCaughtUpAsync(member.Id);
        Assert.True(cluster.Members.Sum(m => m.TransfersBegun) > 0, "the log alone was enough: nothing was tested");
        await cluster.PutAsync(20);
        await cluster.RequireCaughtUpAsync(member.Id);

        var expected = 2L;
        while (expected <= member.State.Revision)
        {
            Assert.True(await stream.WaitToReadAsync(TestContext.Current.CancellationToken));
            Assert.True(stream.TryRead(out var batch));
            Assert.True(batch.Kind is WatchBatchKind.Created or WatchBatchKind.Events, $"{batch.Kind}");
            foreach (var change in batch.Events ?? [])
            {
                Assert.Equal(expected++, change.Kv.ModRevision);
                Assert.Equal(change.Kv.Version == 1, change.PrevKv is null);
            }
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Orleans_subscribers_on_a_member_that_installs_a_snapshot_see_every_revision_once()
    {
        await using var cluster = SnapshotCluster.Start();
        await cluster.PutAsync(20);
        var member = await cluster.FollowerAsync();
        await cluster.RequireCaughtUpAsync(member.Id);
        var cache = new RevisionQueueCache(member.Revisions, new KeyspaceHistory(member.State), new RevisionStreamOptions());
        using var cursor = (RevisionCursor)cache.GetCacheCursor(StreamId.Create("revisions", "all"), new EventSequenceTokenV2(2, 0));
        var next = Read(cursor, 2);
        cluster.CutOff(member.Id);
        await cluster.LeaveBehindAsync(member.Id, member.Node.AppliedIndex);
        cluster.CutOff(member.Id, isCut: false);
        await cluster.RequireCaughtUpAsync(member.Id);
        Assert.True(cluster.Members.Sum(m => m.TransfersBegun) > 0, "the log alone was enough: nothing was tested");
        next = Read(cursor, next);
        Assert.Equal(member.State.Revision + 1, next);
        await cluster.PutAsync(20);
        await cluster.RequireCaughtUpAsync(member.Id);
        Assert.Equal(member.State.Revision + 1, Read(cursor, next));

        static long Read(RevisionCursor cursor, long next)
        {
            while (cursor.MoveNext())
            {
                Assert.Equal(next++, cursor.GetCurrent(out _)!.SequenceToken.SequenceNumber);
            }

            return next;
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task B106_B120_watchers_that_fell_below_the_compaction_revision_are_cancelled_with_it_and_the_others_go_on()
    {
        await using var cluster = SnapshotCluster.Start();
        await cluster.PutAsync(20);
        var member = await cluster.FollowerAsync();
        await cluster.RequireCaughtUpAsync(member.Id);
        await using var stream = member.Hub.OpenStream();
        stream.Create(new WatchRequest(1, SnapshotMember.Bytes("key-"), SnapshotMember.Bytes("key."), 0, WatchFilters.None, PrevKv: false));
        cluster.CutOff(member.Id);
        await cluster.PutAsync(20);
        var leader = await cluster.LeaderAsync();
        var compacted = leader.State.Revision;
        await leader.CompactAsync(compacted);
        stream.Create(new WatchRequest(2, SnapshotMember.Bytes("key-"), SnapshotMember.Bytes("key."), compacted, WatchFilters.None, PrevKv: false));
        await cluster.LeaveBehindAsync(member.Id, member.Node.AppliedIndex);
        cluster.CutOff(member.Id, isCut: false);
        await cluster.RequireCaughtUpAsync(member.Id);
        var last = member.State.Revision;

        var isCancelled = false;
        var next = compacted;
        while (!isCancelled || next <= last)
        {
            Assert.True(await stream.WaitToReadAsync(TestContext.Current.CancellationToken));
            Assert.True(stream.TryRead(out var batch));
            if (batch.Kind == WatchBatchKind.Compacted)
            {
                Assert.Equal((1, compacted), (batch.WatchId, batch.CompactRevision));
                isCancelled = true;
            }
            else if (batch.Kind == WatchBatchKind.Events)
            {
                Assert.Equal(2, batch.WatchId);
                Assert.All(batch.Events, change => Assert.Equal(next++, change.Kv.ModRevision));
            }
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData((int)InstallStep.Received)]
    [InlineData((int)InstallStep.Opened)]
    [InlineData((int)InstallStep.Switched)]
    [InlineData((int)InstallStep.Deleted)]
    public async Task A_member_that_stops_between_two_steps_of_an_installation_comes_back_whole(int stopAt)
    {
        await using var cluster = SnapshotCluster.Start();
        await cluster.PutAsync(20);
        var away = (await cluster.FollowerAsync()).Id;
        await cluster.LeaveBehindAsync(away, (await cluster.StopAsync(away)).Node.AppliedIndex);
        var stopped = new TaskCompletionSource();
        cluster.Restart(away, step =>
        {
            if ((int)step == stopAt)
            {
                stopped.TrySetResult();
                throw new IOException("the member stops here");
            }
        });
        await stopped.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cluster.StopAsync(away);

        var restarted = cluster.Restart(away);
        Assert.Equal(stopAt == (int)InstallStep.Opened, restarted.FinishedAtStart);
        await cluster.RequireCaughtUpAsync(away);
        await cluster.PutAsync(20);
        await cluster.RequireCaughtUpAsync(away);
    }
}
