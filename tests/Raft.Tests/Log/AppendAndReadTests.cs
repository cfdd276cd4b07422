using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

public sealed class AppendAndReadTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void A_new_log_is_empty_and_knows_whose_it_is()
    {
        Assert.False(WriteAheadLog.Exists(_disk));
        using (Wal.Create(_disk))
        {
        }

        Assert.True(WriteAheadLog.Exists(_disk));
        using var log = Wal.Open(_disk);
        Assert.Equal(Wal.Identity, log.Opened.Identity);
        Assert.Equal("meta"u8, log.Opened.Metadata.Span);
        Assert.Equal((1UL, 0UL), (log.FirstIndex, log.LastIndex));
        Assert.Equal(default, log.Opened.HardState);
        Assert.Null(log.Opened.Snapshot);
        Assert.Null(log.Opened.TornTail);
        Assert.Equal(0UL, log.Term(0));
    }

    [Fact]
    public void What_was_appended_is_found_after_reopening()
    {
        var entries = Wal.Entries(1, 100, term: 3);
        var state = new HardState(3, 7, 60);
        using (var log = Wal.Create(_disk))
        {
            log.Append(entries.AsSpan(0, 40), null);
            log.Append(entries.AsSpan(40), state);
            log.Sync();
        }

        using var reopened = Wal.Open(_disk);
        Assert.Equal(state, reopened.Opened.HardState);
        Assert.Equal(100UL, reopened.Opened.LastIndex);
        Assert.True(reopened.Opened.Segments > 1);
        Wal.AssertSame(entries, Wal.ReadAll(reopened));
    }

    [Fact]
    public void A_batch_of_64_entries_is_one_write_and_one_sync()
    {
        using var log = Wal.Create(_disk, Wal.Options(segmentBytes: 1 << 20));
        var writes = _disk.Counts[DiskOperation.Write];
        var syncs = _disk.Counts[DiskOperation.SyncData];
        log.Append(Wal.Entries(1, 64, term: 1), new HardState(1, 1, 0));
        log.Sync();
        log.Sync();
        Assert.Equal(writes + 1, _disk.Counts[DiskOperation.Write]);
        Assert.Equal(syncs + 1, _disk.Counts[DiskOperation.SyncData]);
    }

    [Fact]
    public void Several_appends_share_one_sync()
    {
        using var log = Wal.Create(_disk, Wal.Options(segmentBytes: 1 << 20));
        var syncs = _disk.Counts[DiskOperation.SyncData];
        for (ulong i = 1; i <= 10; i++)
        {
            log.Append(Wal.Entries(i, 1, term: 1), null);
        }

        log.Sync();
        Assert.Equal(syncs + 1, _disk.Counts[DiskOperation.SyncData]);
    }

    [Fact]
    public void A_lower_entry_voids_the_later_ones()
    {
        var first = Wal.Entries(1, 10, term: 1);
        var second = Wal.Entries(6, 3, term: 2);
        using (var log = Wal.Create(_disk))
        {
            log.Append(first, null);
            log.Append(second, null);
            Assert.Equal(8UL, log.LastIndex);
            Assert.Equal((1UL, 2UL), (log.Term(5), log.Term(6)));
            Assert.Throws<ArgumentOutOfRangeException>(() => log.Term(9));
            Wal.AssertSame([.. first[..5], .. second], Wal.ReadAll(log));
        }

        using var reopened = Wal.Open(_disk);
        Wal.AssertSame([.. first[..5], .. second], Wal.ReadAll(reopened));
        Assert.Equal((1UL, 2UL), (reopened.Term(5), reopened.Term(6)));
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(0UL)]
    public void A_gap_is_refused(ulong index)
    {
        using var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 1, term: 1), null);
        Assert.Throws<ArgumentException>(() => log.Append([Wal.Entry(index, 1)], null));
        Assert.Throws<ArgumentException>(() => log.Append([Wal.Entry(2, 1), Wal.Entry(4, 1)], null));
        Assert.Equal(1UL, log.LastIndex);
    }

    [Fact]
    public void A_commit_behind_the_end_and_a_replaced_committed_entry_are_refused()
    {
        using var log = Wal.Create(_disk);
        Assert.Throws<ArgumentException>(() => log.Append(Wal.Entries(1, 2, term: 1), new HardState(1, 0, 3)));
        log.Append(Wal.Entries(1, 2, term: 1), new HardState(1, 0, 2));
        Assert.Throws<ArgumentException>(() => log.Append(Wal.Entries(2, 1, term: 2), null));
    }

    [Fact]
    public void A_batch_larger_than_a_segment_gets_a_segment_of_its_own()
    {
        var entries = Wal.Entries(1, 10, term: 1, dataBytes: 1000);
        using (var log = Wal.Create(_disk))
        {
            log.Append(entries, null);
            log.Sync();
        }

        using var reopened = Wal.Open(_disk);
        Wal.AssertSame(entries, Wal.ReadAll(reopened));
    }

    [Fact]
    public void A_read_stops_at_its_byte_bound_but_gives_one_entry_at_least()
    {
        using var log = Wal.Create(_disk, Wal.Options());
        var entries = Wal.Entries(1, 50, term: 1, dataBytes: 100);
        log.Append(entries, null);
        Assert.Equal(1, Count(1, 51, 0));
        Assert.Equal(1, Count(1, 51, 100));
        Assert.Equal(1, Count(1, 51, 199));
        Assert.Equal(2, Count(1, 51, 200));
        Assert.Equal(50, Count(1, 51, 5000));
        Assert.Equal(3, Count(48, 51, 5000));
        Assert.Equal(0, Count(48, 48, 5000));

        int Count(ulong from, ulong to, int maxBytes)
        {
            var read = new List<Entry>();
            log.Read(from, to, maxBytes, read);
            Wal.AssertSame(entries.Skip((int)from - 1).Take(read.Count), read);
            return read.Count;
        }
    }

    [Fact]
    public void Reads_go_on_from_chunk_to_chunk_and_segment_to_segment()
    {
        using var log = Wal.Create(_disk, Wal.Options());
        var entries = Wal.Entries(1, 700, term: 1, dataBytes: 10);
        foreach (var batch in entries.Chunk(7))
        {
            log.Append(batch, null);
        }

        Wal.AssertSame(entries, Wal.ReadAll(log));
    }

    [Fact]
    public void Void_entries_between_live_ones_are_not_read()
    {
        using var log = Wal.Create(_disk, Wal.Options(segmentBytes: 16 << 20));
        log.Append(Wal.Entries(1, 2, term: 1), null);
        log.Append(Wal.Entries(2, 100, term: 2, dataBytes: 50_000), null);
        log.Append(Wal.Entries(2, 3, term: 3), null);
        Wal.AssertSame([.. Wal.Entries(1, 1, term: 1), .. Wal.Entries(2, 3, term: 3)], Wal.ReadAll(log));
    }

    [Fact]
    public void Damage_under_a_running_log_is_noticed_by_the_read()
    {
        using var log = Wal.Create(_disk, Wal.Options());
        log.Append(Wal.Entries(1, 5, term: 1), null);
        var name = _disk.List().Single(n => n.EndsWith(".wal", StringComparison.Ordinal));
        using var file = _disk.Open(name);
        file.Write(file.Length / 20, "damage"u8);
        var error = Assert.Throws<WalCorruptionException>(() => log.Read(1, 6, 1000, new List<Entry>()));
        Assert.Equal(name, error.File);
    }

    [Fact]
    public void Only_one_may_have_the_log_open()
    {
        using var log = Wal.Create(_disk);
        Assert.Throws<DiskLockedException>(() => Wal.Open(_disk));
    }

    [Fact]
    public void The_observer_hears_of_bytes_and_syncs()
    {
        var observer = new CountingObserver();
        using var log = Wal.Create(_disk, Wal.Options() with { Observer = observer });
        log.Append(Wal.Entries(1, 2, term: 1, dataBytes: 8), null);
        log.Append(Wal.Entries(3, 1, term: 1, dataBytes: 8), null);
        log.Sync();
        var expected = 3 * WriteAheadLog.SpaceForEntry(8);
        Assert.Equal((2, expected), (observer.Writes, observer.WrittenBytes));
        Assert.Equal((1, expected), (observer.Syncs, observer.SyncedBytes));
    }

    [Fact]
    public void Without_sync_nothing_is_synced_but_a_process_crash_loses_nothing()
    {
        var options = Wal.Options(segmentBytes: 1 << 20) with { NoSync = true };
        var log = Wal.Create(_disk, options);
        var syncs = _disk.Counts[DiskOperation.SyncData];
        log.Append(Wal.Entries(1, 5, term: 1), null);
        log.Sync();
        Assert.Equal(syncs, _disk.Counts[DiskOperation.SyncData]);
        _disk.LoseProcess();
        using var reopened = Wal.Open(_disk, options);
        Assert.Equal(5UL, reopened.LastIndex);
    }

    private sealed class CountingObserver : IWalObserver
    {
        internal int Writes { get; private set; }

        internal long WrittenBytes { get; private set; }

        internal int Syncs { get; private set; }

        internal long SyncedBytes { get; private set; }

        public void Written(int bytes, TimeSpan duration)
        {
            Writes++;
            WrittenBytes += bytes;
        }

        public void Synced(long bytes, TimeSpan duration)
        {
            Syncs++;
            SyncedBytes += bytes;
        }
    }
}
