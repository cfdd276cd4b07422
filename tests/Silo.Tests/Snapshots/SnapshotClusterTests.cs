using Krewe.Grains.Interfaces.Watch;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>Members that fell behind the log of the others, over real sockets, logs and stores.</summary>
public sealed class SnapshotClusterTests
{
    private const int Timeout = 120_000;

    /// <summary>Far more than a log that is kept short still has.</summary>
    private const int FarBehind = 300;

    [Fact(Timeout = Timeout)]
    public async Task A_member_that_was_away_for_longer_than_the_log_reaches_gets_a_snapshot_and_goes_on_from_it()
    {
        await using var cluster = SnapshotCluster.Start();
        await cluster.PutAsync(20);
        var away = (await cluster.FollowerAsync()).Id;
        await cluster.StopAsync(away);
        await cluster.PutAsync(FarBehind);
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
        await cluster.PutAsync(FarBehind);
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
        await cluster.StopAsync(away);
        await cluster.PutAsync(FarBehind);
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
