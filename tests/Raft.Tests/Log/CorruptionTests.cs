using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Raft.Log.Format;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

/// <summary>Damage of what was synced refuses; damage behind the last proof of a sync is cut (docs/internals/wal.md).</summary>
public sealed class CorruptionTests
{
    [Fact]
    public void A_flipped_bit_anywhere_before_the_last_known_sync_refuses_and_behind_it_is_cut()
    {
        var disk = new MemoryDisk();
        var log = Wal.Create(disk);
        log.Append(Wal.Entries(1, 3, term: 1, dataBytes: 5), null);
        log.Sync();
        log.Append(Wal.Entries(4, 2, term: 1, dataBytes: 13), new HardState(1, 2, 3));
        log.Sync();
        var watermark = EndOfRecords(disk);
        log.Append(Wal.Entries(6, 2, term: 1), null); // proves that all before was synced
        log.Append(Wal.Entries(8, 1, term: 1), null);
        var end = EndOfRecords(disk);
        disk.LoseProcess();
        var name = Segments(disk).Single();

        for (var bit = 0; bit < end * 8; bit++)
        {
            var damaged = Flip(disk, name, bit);
            if (bit / 8 < watermark)
            {
                var error = Assert.ThrowsAny<Exception>(() => Wal.Open(damaged));
                AssertRefusal(error, bit, damaged, name);
            }
            else
            {
                using var opened = Wal.Open(damaged);
                Assert.NotNull(opened.Opened.TornTail);
                var expectedLast = bit / 8 < end - WriteAheadLog.SpaceForEntry(20) ? 5UL : 7UL;
                Assert.True(opened.LastIndex == expectedLast, $"bit {bit}: last index {opened.LastIndex}");
                Wal.AssertSame(Expected.Take((int)expectedLast), Wal.ReadAll(opened));
            }
        }
    }

    [Fact]
    public void After_a_clean_close_a_flipped_bit_in_any_entry_refuses()
    {
        var disk = new MemoryDisk();
        long end;
        using (var log = Wal.Create(disk))
        {
            log.Append(Wal.Entries(1, 5, term: 1), null);
            log.Sync();
            end = EndOfRecords(disk);
        }

        var name = Segments(disk).Single();
        for (var bit = 0; bit < end * 8; bit += 3)
        {
            var damaged = Flip(disk, name, bit);
            AssertRefusal(Assert.ThrowsAny<Exception>(() => Wal.Open(damaged)), bit, damaged, name);
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_records_of_a_segment_with_a_successor_refuses()
    {
        var disk = TwoSegments(out var name, out var end);
        for (var bit = 0; bit < end * 8; bit += 7)
        {
            var damaged = Flip(disk, name, bit);
            AssertRefusal(Assert.ThrowsAny<Exception>(() => Wal.Open(damaged)), bit, damaged, name);
        }
    }

    [Fact]
    public void A_missing_segment_refuses()
    {
        var disk = TwoSegments(out _, out _);
        using (var log = Wal.Open(disk))
        {
            log.Append(Wal.Entries(log.LastIndex + 1, 100, term: 1), null);
        }

        Assert.True(Segments(disk).Count() > 2);
        disk.Delete(Segments(disk).Order().ElementAt(1));
        Assert.Contains("missing", Assert.Throws<WalCorruptionException>(() => Wal.Open(disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_of_another_member_refuses()
    {
        var disk = TwoSegments(out _, out _);
        var other = new MemoryDisk();
        using (var log = WriteAheadLog.Create(other, new WalIdentity(1, 2), default, Wal.Options()))
        {
            log.Append(Wal.Entries(1, 60, term: 1), null);
            log.Append(Wal.Entries(61, 60, term: 1), null);
        }

        var last = Segments(disk).Order().Last();
        var stranger = Segments(other).Order().Last();
        disk.Delete(last);
        disk.Put(stranger, other.Contents(stranger));
        Assert.Throws<WalCorruptionException>(() => Wal.Open(disk));
    }

    [Fact]
    public void A_log_that_lost_committed_entries_refuses()
    {
        var disk = new MemoryDisk();
        var log = Wal.Create(disk);
        log.Append(Wal.Entries(1, 3, term: 1), new HardState(1, 1, 3));
        log.Sync();
        disk.LoseProcess();
        var name = Segments(disk).Single();
        var bytes = disk.Contents(name);
        var header = SegmentHeader.Read(name, bytes);

        // A batch with a lower hard state only, as if the entries had been left out.
        var buffer = new BatchBuffer();
        var scan = new Krewe.Raft.Log.Storage.SegmentScan(bytes, header);
        buffer.Begin(1000, scan.End, header.Salt, scan.Crc, scan.End);
        buffer.Position(RecordKind.Truncation, 1, 1, default, endsBatch: true);
        buffer.Written.CopyTo(bytes.AsSpan((int)scan.End));
        disk.Put(name, bytes);

        var error = Assert.Throws<WalCorruptionException>(() => Wal.Open(disk));
        Assert.Contains("committed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        var disk = new MemoryDisk();
        Wal.Create(disk).Dispose();
        var name = Segments(disk).Single();
        var bytes = disk.Contents(name);
        bytes[8] = SegmentHeader.FormatVersion + 1;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(76), Crc32C.Append(0, bytes.AsSpan(0, 76)));
        disk.Put(name, bytes);
        Assert.Contains("format 2", Assert.Throws<NotSupportedException>(() => Wal.Open(disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_value_that_looks_like_records_doesn_t_turn_a_torn_tail_into_corruption()
    {
        // The value is a copy of a whole segment, records with durable offsets included.
        var source = TwoSegments(out var name, out _);
        var value = source.Contents(name);
        var disk = new MemoryDisk();
        var options = Wal.Options(segmentBytes: 64 * 1024) with { NextSalt = () => 77 };
        var log = Wal.Create(disk, options);
        var offset = (int)EndOfRecords(disk) + RecordHeader.Size + 16;
        log.Append([new Entry(1, 1, EntryKind.Normal, value)], null);
        disk.LoseProcess();
        var segment = Segments(disk).Single();
        var bytes = disk.Contents(segment);
        bytes[offset - 1] ^= 1;
        disk.Put(segment, bytes);

        using var opened = Wal.Open(disk, options);
        Assert.NotNull(opened.Opened.TornTail);
        Assert.Equal(0UL, opened.LastIndex);
    }

    [Fact]
    public void What_a_cut_left_is_zero_so_that_it_can_t_come_back()
    {
        var disk = new MemoryDisk();
        var log = Wal.Create(disk);
        var start = (int)EndOfRecords(disk);
        log.Append(Wal.Entries(1, 20, term: 1), null);
        var end = (int)EndOfRecords(disk);
        disk.LoseProcess();
        var name = Segments(disk).Single();
        var damaged = Flip(disk, name, start * 8);
        using var opened = Wal.Open(damaged);
        Assert.Equal((name, (long)start), (opened.Opened.TornTail!.File, opened.Opened.TornTail.Offset));
        Assert.InRange(opened.Opened.TornTail.Bytes, end - start - 7, end - start); // the last record ends with padding
        Assert.Equal(-1, damaged.Contents(name).AsSpan(start).IndexOfAnyExcept((byte)0));
    }

    private static IEnumerable<Entry> Expected =>
        [.. Wal.Entries(1, 3, 1, 5), .. Wal.Entries(4, 2, 1, 13), .. Wal.Entries(6, 2, 1), .. Wal.Entries(8, 1, 1)];

    private static IEnumerable<string> Segments(MemoryDisk disk) => disk.List().Where(n => n.EndsWith(".wal", StringComparison.Ordinal));

    private static long EndOfRecords(MemoryDisk disk)
    {
        var bytes = disk.Contents(Segments(disk).Single());
        return new Krewe.Raft.Log.Storage.SegmentScan(bytes, SegmentHeader.Read("test", bytes)).End;
    }

    private static MemoryDisk TwoSegments(out string first, out long end)
    {
        var disk = new MemoryDisk();
        using (var log = Wal.Create(disk))
        {
            log.Append(Wal.Entries(1, 40, term: 1), null);
            log.Append(Wal.Entries(41, 40, term: 1), null);
        }

        var names = Segments(disk).Order().ToArray();
        Assert.Equal(2, names.Length);
        first = names[0];
        end = SegmentHeader.Read(names[1], disk.Contents(names[1])).PreviousEnd;
        return disk;
    }

    private static MemoryDisk Flip(MemoryDisk disk, string name, int bit)
    {
        var bytes = disk.Contents(name);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        var copy = disk.Copy();
        copy.Put(name, bytes);
        return copy;
    }

    private static void AssertRefusal(Exception error, int bit, MemoryDisk damaged, string name)
    {
        var corruption = Assert.IsType<WalCorruptionException>(error);
        Assert.Equal(name, corruption.File);
        Assert.True(corruption.Offset <= bit / 8, $"bit {bit}: told offset {corruption.Offset}");
        Assert.Contains(name, corruption.Message, StringComparison.Ordinal);
        Assert.Contains("Restore the file", corruption.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(damaged.Counts.Keys, k => k is DiskOperation.Write or DiskOperation.Truncate);
    }
}
