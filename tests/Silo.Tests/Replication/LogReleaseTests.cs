using Krewe.Grains.Replication;
using Krewe.Raft.Log;
using Krewe.Testing.Disk;

namespace Krewe.Silo.Tests.Replication;

/// <summary>Releases of the log at bad moments: the disk is full, or the core lags behind the store.</summary>
public sealed class LogReleaseTests
{
    // Does not fit into a segment, so that the note needs a new one, whatever is prepared.
    private static readonly byte[] LargeConfState = new byte[2 * WalOptions.MinSegmentBytes];

    [Fact]
    public async Task A_release_without_space_is_kept_and_done_once_there_is_space()
    {
        var disk = new MemoryDisk();
        using var member = new SingleMember(disk);
        var term = await FillSegmentsAsync(member);
        disk.CapacityBytes = disk.UsedBytes;

        member.Node.ReleaseLog(member.Node.AppliedIndex, LargeConfState);
        // The attempt follows the first of these in the log's thread; the second shows that the thread lives.
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, [1])).Status);
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, [2])).Status);
        Assert.Equal(1UL, member.Log.FirstIndex);
        Assert.Empty(member.Failures);

        disk.CapacityBytes = long.MaxValue;
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, [3])).Status);
        while (member.Log.FirstIndex == 1)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Empty(member.Failures);
    }

    [Fact]
    public async Task A_write_that_waits_for_space_gets_what_a_release_frees()
    {
        var disk = new MemoryDisk();
        var options = new Krewe.Silo.Replication.ReplicationOptions { DiskFullRetryDelay = TimeSpan.FromMilliseconds(1) };
        using var member = new SingleMember(disk, options: options);
        var term = await FillSegmentsAsync(member);
        var released = member.Node.AppliedIndex;
        disk.CapacityBytes = disk.UsedBytes;

        Assert.Equal(AppendRefusal.None, member.Node.TryAppend(term, LargeConfState, out var stuck));
        while (member.Node.TryAppend(term, new byte[1], out _) != AppendRefusal.DiskFull)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.False(stuck.Applied.IsCompleted);
        member.Node.ReleaseLog(released, new byte[1]);
        Assert.Equal(EntryStatus.Applied, (await stuck.Applied.WaitAsync(TestContext.Current.CancellationToken)).Status);
        Assert.True(member.Log.FirstIndex > 1);
        Assert.Empty(member.Failures);
    }

    [Fact]
    public async Task A_release_up_to_an_entry_that_is_being_applied_goes_up_to_the_one_before()
    {
        using var member = new SingleMember(new MemoryDisk());
        var term = await FillSegmentsAsync(member);
        member.Machine.BeforeApply = () => member.Node.ReleaseLog(member.Node.AppliedIndex + 1, new byte[1]);
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, [1])).Status);
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, [2])).Status);
        Assert.Empty(member.Failures);
    }

    /// <summary>Writes several segments full, and one entry into the next; answers the term.</summary>
    private static async Task<ulong> FillSegmentsAsync(SingleMember member)
    {
        var term = await member.StartAsync();
        while (member.Log.SegmentCount < 20)
        {
            Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, new byte[1_000])).Status);
        }

        return term;
    }
}
