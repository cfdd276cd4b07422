using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

public sealed class RevisionLogTests
{
    private readonly RevisionEvents[] _into = new RevisionEvents[100];

    [Fact]
    public void The_oldest_revisions_go_when_the_ring_is_full()
    {
        var log = new RevisionLog(new RevisionLogOptions { MaxRevisions = 4 });
        Publish(log, 2, 7);
        Assert.Equal((4, 8), (log.First, log.Next));
        Assert.False(log.TryRead(3, _into, out _));
        Assert.True(log.TryRead(4, _into, out int count));
        Assert.Equal([4, 5, 6, 7], _into.Take(count).Select(revision => revision.Revision));
    }

    [Fact]
    public void Bytes_bound_it_too_but_the_newest_stays()
    {
        var log = new RevisionLog(new RevisionLogOptions { MaxBytes = 1 });
        Publish(log, 2, 4);
        Assert.Equal((4, 5), (log.First, log.Next));
        Assert.InRange(log.Bytes, 1, 1000);
    }

    [Fact]
    public void A_jump_empties_it()
    {
        var log = new RevisionLog();
        Publish(log, 2, 4);
        Publish(log, 9, 9);
        Assert.Equal((9, 10), (log.First, log.Next));
        log.Reset(20);
        Assert.Equal((21, 21, 0), (log.First, log.Next, log.Bytes));
        Assert.False(log.TryRead(9, _into, out _));
        Assert.True(log.TryRead(21, _into, out int count));
        Assert.Equal(0, count);
    }

    [Fact]
    public async Task A_reader_waits_for_what_comes_and_notices_what_it_missed()
    {
        var log = new RevisionLog(new RevisionLogOptions { MaxRevisions = 4 });
        using RevisionLogReader reader = log.CreateReader(2);
        ValueTask<bool> waiting = reader.WaitAsync(TestContext.Current.CancellationToken);
        Publish(log, 2, 3);
        Assert.True(await waiting);
        Assert.True(reader.TryRead(_into, out int count));
        Assert.Equal((2, 4), (count, reader.Position));
        Publish(log, 4, 12);
        Assert.False(reader.TryRead(_into, out _));
        Assert.Equal(9, reader.Position);
        reader.Dispose();
        Assert.True(await reader.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(await reader.WaitAsync(TestContext.Current.CancellationToken));
    }

    private static void Publish(RevisionLog log, long from, long to)
    {
        for (long revision = from; revision <= to; revision++)
        {
            log.Publish(new RevisionEvents(revision, [WatchRig.Put("a", revision)]));
        }
    }
}
