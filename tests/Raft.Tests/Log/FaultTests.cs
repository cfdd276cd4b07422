using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

public sealed class FaultTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void A_full_disk_refuses_the_batch_before_anything_is_written_and_takes_it_when_space_is_freed()
    {
        using var log = Wal.Create(_disk);
        _disk.CapacityBytes = _disk.UsedBytes; // one segment and one spare
        var appended = FillUp(log);
        Assert.Equal(2, log.SegmentCount);

        var next = Wal.Entries(appended + 1, 3, term: 1, dataBytes: 1000);
        var writes = _disk.Counts[DiskOperation.Write];
        Assert.Throws<DiskFullException>(() => log.Append(next, new HardState(1, 2, appended)));
        Assert.Equal(writes, _disk.Counts[DiskOperation.Write]);
        Assert.Equal(appended, log.LastIndex);
        Assert.Equal(default, log.HardState);
        Assert.False(log.CanAccept(4000));

        // What fits into the active segment is still taken, for it was preallocated.
        Assert.True(log.CanAccept(WriteAheadLog.SpaceForEntry(1)));
        log.Append([Wal.Entry(appended + 1, 1, "x")], null);
        log.Sync();

        _disk.CapacityBytes += WalOptions.MinSegmentBytes;
        next = Wal.Entries(appended + 2, 3, term: 1, dataBytes: 1000);
        Assert.True(log.CanAccept(3 * WriteAheadLog.SpaceForEntry(1000)));
        log.Append(next, new HardState(1, 2, appended));
        log.Sync();
        Assert.Equal(appended + 4, log.LastIndex);
    }

    [Fact]
    public void Releasing_segments_frees_the_space_for_the_next()
    {
        using var log = Wal.Create(_disk);
        _disk.CapacityBytes = _disk.UsedBytes;
        var appended = FillUp(log);
        log.ReleaseTo(log.LastIndex);
        Assert.Equal(1, log.SegmentCount);
        Assert.True(log.CanAccept(1000));
        log.Append(Wal.Entries(appended + 1, 3, term: 1, dataBytes: 1000), null);
        Assert.Equal(appended + 3, log.LastIndex);
    }

    [Fact]
    public void Remaining_bytes_count_down_to_what_is_refused()
    {
        using var log = Wal.Create(_disk);
        _disk.CapacityBytes = _disk.UsedBytes;
        var before = log.RemainingBytes;
        log.Append([Wal.Entry(1, 1)], null);
        Assert.Equal(before - WriteAheadLog.SpaceForEntry(5), log.RemainingBytes);
        FillUp(log);
        Assert.True(log.RemainingBytes < WriteAheadLog.SpaceForEntry(1000));
    }

    [Fact]
    public void A_log_on_a_full_disk_can_be_opened_and_read()
    {
        ulong last;
        using (var log = Wal.Create(_disk))
        {
            _disk.CapacityBytes = _disk.UsedBytes;
            last = FillUp(log);
        }

        using var reopened = Wal.Open(_disk);
        Assert.Equal(last, (ulong)Wal.ReadAll(reopened).Count);
    }

    [Theory]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.SyncData)]
    public void After_a_failed_write_or_sync_nothing_works_until_the_log_is_reopened(DiskOperation failing)
    {
        var log = Wal.Create(_disk, Wal.Options(segmentBytes: 1 << 20));
        log.Append(Wal.Entries(1, 3, term: 1), null);
        log.Sync();
        FailNext(failing);
        Assert.Throws<WalFailedException>(() =>
        {
            log.Append(Wal.Entries(4, 3, term: 1), null);
            log.Sync();
        });

        var syncs = _disk.Counts[DiskOperation.SyncData];
        Assert.Throws<WalFailedException>(() => log.Append(Wal.Entries(4, 1, term: 1), null));
        Assert.Throws<WalFailedException>(log.Sync);
        Assert.Throws<WalFailedException>(() => log.AppendSnapshot(new SnapshotMarker(3, 1, default)));
        Assert.Throws<WalFailedException>(() => log.ReleaseTo(2));
        log.Dispose();
        Assert.Equal(syncs, _disk.Counts[DiskOperation.SyncData]); // fsyncgate: no second attempt

        using var reopened = Wal.Open(_disk);
        Assert.InRange(reopened.LastIndex, 3UL, 6UL);
        reopened.Append(Wal.Entries(reopened.LastIndex + 1, 1, term: 2), null);
        reopened.Sync();
    }

    [Fact]
    public void What_is_read_back_after_a_failed_sync_is_written_again_so_that_it_survives_a_crash()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var disk = new MemoryDisk { Random = new Random(seed) };
            var log = Wal.Create(disk, Wal.Options(segmentBytes: 1 << 20));
            disk.Before = (operation, _) =>
            {
                if (operation == DiskOperation.SyncData)
                {
                    throw new IOException("EIO");
                }
            };
            log.Append(Wal.Entries(1, 50, term: 1), null);
            Assert.Throws<WalFailedException>(log.Sync);
            log.Dispose();
            disk.Before = null;

            // The page cache still shows all, though the disk holds a part only and no page is dirty.
            Assert.Equal(50UL, Wal.Open(disk).LastIndex);
            using var afterCrash = Wal.Open(disk.LosePower(new Random(seed)));
            Assert.True(afterCrash.LastIndex == 50, $"seed {seed}: last index {afterCrash.LastIndex}");
        }
    }

    [Theory]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.SyncData)]
    [InlineData(DiskOperation.Rename)]
    [InlineData(DiskOperation.SyncDirectory)]
    public void A_failure_while_a_segment_is_begun_stops_the_log_and_loses_nothing(DiskOperation failing)
    {
        var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 40, term: 1), null);
        log.Sync();
        FailNext(failing);
        Assert.Throws<WalFailedException>(() => log.Append(Wal.Entries(41, 40, term: 1), null));
        log.Dispose();
        using var reopened = Wal.Open(_disk);
        Assert.Equal(40UL, reopened.LastIndex);
        reopened.Append(Wal.Entries(41, 40, term: 1), null);
        reopened.Sync();
        Wal.AssertSame(Wal.Entries(1, 80, term: 1), Wal.ReadAll(reopened));
    }

    [Fact]
    public void A_full_disk_at_the_sync_of_the_directory_stops_the_log_because_the_segment_is_there_already()
    {
        var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 40, term: 1), null);
        FailNext(DiskOperation.SyncDirectory, new DiskFullException());
        Assert.Throws<WalFailedException>(() => log.Append(Wal.Entries(41, 40, term: 1), null));
        log.Dispose();
        Assert.Equal(40UL, Wal.Open(_disk).LastIndex);
    }

    [Fact]
    public void A_slow_preallocation_in_the_background_doesn_t_hold_up_appends()
    {
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var options = Wal.Options() with { PreallocateInBackground = true };
        Wal.Create(_disk, options).Dispose();
        _disk.Before = (operation, name) =>
        {
            if (operation == DiskOperation.Preallocate && name.StartsWith("spare", StringComparison.Ordinal))
            {
                started.Set();
                release.Wait();
            }
        };
        using var log = Wal.Open(_disk, options);
        Assert.True(started.Wait(TimeSpan.FromSeconds(30)));
        log.Append(Wal.Entries(1, 10, term: 1), null);
        log.Sync();
        Assert.Equal(10UL, log.LastIndex);
        release.Set();
        log.Append(Wal.Entries(11, 90, term: 1), null);
        Assert.Equal(2, log.SegmentCount);
    }

    private static ulong FillUp(WriteAheadLog log)
    {
        while (log.CanAccept(WriteAheadLog.SpaceForEntry(1000)))
        {
            log.Append(Wal.Entries(log.LastIndex + 1, 1, term: 1, dataBytes: 1000), null);
            log.Sync();
        }

        return log.LastIndex;
    }

    private void FailNext(DiskOperation failing, Exception? error = null) => _disk.Before = (operation, _) =>
    {
        if (operation == failing)
        {
            _disk.Before = null;
            throw error ?? new IOException("EIO");
        }
    };
}
