using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

public sealed class SegmentTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Segments_are_named_by_sequence_and_first_index()
    {
        using var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 40, term: 1), null);
        log.Append(Wal.Entries(41, 40, term: 1), null);
        Assert.Equal(
            ["0000000000000000-0000000000000001.wal", "0000000000000001-0000000000000029.wal"],
            _disk.List().Where(n => n.EndsWith(".wal", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void A_release_deletes_whole_segments_below_the_index_only()
    {
        using var log = Wal.Create(_disk);
        for (ulong i = 1; i <= 400; i += 40)
        {
            log.Append(Wal.Entries(i, 40, term: i), null);
        }

        Assert.Equal(10, log.SegmentCount);
        log.ReleaseTo(120);
        Assert.Equal((8, 81UL), (log.SegmentCount, log.FirstIndex));
        log.ReleaseTo(121);
        Assert.Equal((7, 121UL), (log.SegmentCount, log.FirstIndex));
        Assert.Equal(81UL, log.Term(120));
        Assert.Throws<EntriesReleasedException>(() => log.Term(119));
        Assert.Throws<EntriesReleasedException>(() => log.Read(120, 130, 1000, new List<Entry>()));
        log.ReleaseTo(ulong.MaxValue);
        Assert.Equal((1, 361UL, 400UL), (log.SegmentCount, log.FirstIndex, log.LastIndex));
    }

    [Fact]
    public void Hard_state_snapshot_and_metadata_survive_the_release_of_their_segments()
    {
        var state = new HardState(4, 2, 40);
        using (var log = Wal.Create(_disk))
        {
            log.Append(Wal.Entries(1, 40, term: 4), state);
            log.AppendSnapshot(new SnapshotMarker(40, 4, "voters"u8.ToArray()));
            log.Append(Wal.Entries(41, 60, term: 4), null);
            log.Append(Wal.Entries(101, 60, term: 4), null);
            log.ReleaseTo(101);
            Assert.Equal(101UL, log.FirstIndex);
        }

        using var reopened = Wal.Open(_disk);
        Assert.Equal(state, reopened.Opened.HardState);
        Assert.Equal((40UL, 4UL), (reopened.Opened.Snapshot!.Value.Index, reopened.Opened.Snapshot.Value.Term));
        Assert.Equal("voters"u8, reopened.Opened.Snapshot.Value.ConfState.Span);
        Assert.Equal("meta"u8, reopened.Opened.Metadata.Span);
        Assert.Equal((101UL, 160UL, 4UL), (reopened.FirstIndex, reopened.LastIndex, reopened.Term(100)));
    }

    [Fact]
    public void A_snapshot_of_the_leader_starts_the_log_anew()
    {
        using (var log = Wal.Create(_disk))
        {
            log.Append(Wal.Entries(1, 10, term: 1), null);
            Assert.Throws<ArgumentException>(() => log.AppendSnapshot(new SnapshotMarker(500, 3, default), new HardState(3, 0, 501)));
            log.AppendSnapshot(new SnapshotMarker(500, 3, "c"u8.ToArray()), new HardState(3, 0, 500));
            Check(log);
            Assert.Throws<EntriesReleasedException>(() => log.Term(499));
            log.Append(Wal.Entries(501, 5, term: 3), new HardState(3, 0, 500));
        }

        using var reopened = Wal.Open(_disk);
        Assert.Equal((501UL, 505UL, 3UL), (reopened.FirstIndex, reopened.LastIndex, reopened.Term(500)));
        Wal.AssertSame(Wal.Entries(501, 5, term: 3), Wal.ReadAll(reopened));

        static void Check(WriteAheadLog log) =>
            Assert.Equal((501UL, 500UL, 3UL), (log.FirstIndex, log.LastIndex, log.Term(500)));
    }

    [Fact]
    public void A_snapshot_of_another_term_inside_the_log_voids_its_entries()
    {
        using var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 10, term: 1), null);
        log.AppendSnapshot(new SnapshotMarker(5, 2, default));
        Assert.Equal((6UL, 5UL, 2UL), (log.FirstIndex, log.LastIndex, log.Term(5)));
        Assert.Throws<EntriesReleasedException>(() => log.Read(5, 6, 10, new List<Entry>()));
    }

    [Fact]
    public void A_snapshot_of_the_own_state_keeps_the_entries_behind_it()
    {
        using var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 10, term: 1), new HardState(1, 0, 10));
        log.AppendSnapshot(new SnapshotMarker(8, 1, default));
        Assert.Equal((1UL, 10UL), (log.FirstIndex, log.LastIndex));
        Assert.Throws<ArgumentException>(() => log.AppendSnapshot(new SnapshotMarker(8, 2, default)));
    }

    [Fact]
    public void A_truncation_into_an_older_segment_survives_the_release_of_that_segment()
    {
        // The newest segment begins with entry 41, is truncated to 34, and then the one with 1 to 34 is released.
        var entries = Wal.Entries(35, 20, term: 2);
        using (var log = Wal.Create(_disk))
        {
            log.Append(Wal.Entries(1, 40, term: 1), null);
            log.Append(Wal.Entries(41, 30, term: 1), null);
            log.Append(entries, null);
            log.ReleaseTo(35);
            Assert.Equal(1, log.SegmentCount);
            Wal.AssertSame(entries, Wal.ReadAll(log));
        }

        using var reopened = Wal.Open(_disk);
        Assert.Equal((35UL, 54UL, 1UL), (reopened.FirstIndex, reopened.LastIndex, reopened.Term(34)));
        Wal.AssertSame(entries, Wal.ReadAll(reopened));
    }

    [Fact]
    public void A_released_entry_can_t_be_replaced()
    {
        using var log = Wal.Create(_disk);
        log.Append(Wal.Entries(1, 40, term: 1), null);
        log.Append(Wal.Entries(41, 40, term: 1), null);
        log.ReleaseTo(41);
        Assert.Throws<ArgumentException>(() => log.Append(Wal.Entries(40, 1, term: 2), null));
    }

    [Fact]
    public void Left_over_temporary_files_are_deleted()
    {
        Wal.Create(_disk).Dispose();
        _disk.Put("other.tmp", new byte[10]);
        using var log = Wal.Open(_disk);
        Assert.DoesNotContain("other.tmp", _disk.List());
    }

    [Fact]
    public async Task Readers_beside_the_writer_see_each_entry_whole()
    {
        using var log = Wal.Create(_disk, Wal.Options(segmentBytes: 16 * 1024));
        const ulong Last = 5_000;
        var reader = Task.Run(() =>
        {
            var entries = new List<Entry>();
            for (ulong next = 1; next <= Last;)
            {
                next = Math.Max(next, log.FirstIndex);
                try
                {
                    entries.Clear();
                    log.Read(next, log.LastIndex + 1, 3000, entries);
                }
                catch (EntriesReleasedException)
                {
                    continue;
                }

                Wal.AssertSame(Wal.Entries(next, entries.Count, term: 1), entries);
                next += (ulong)entries.Count;
            }
        });

        for (ulong i = 1; i <= Last; i += 10)
        {
            log.Append(Wal.Entries(i, 10, term: 1), null);
            log.Sync();
            log.ReleaseTo(i > 1000 ? i - 1000 : 1);
        }

        await reader;
        Assert.True(log.FirstIndex > 1);
    }
}
