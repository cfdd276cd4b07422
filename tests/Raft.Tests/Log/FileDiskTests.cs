using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Raft.Log.Disk;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

/// <summary>The real disk.</summary>
public sealed class FileDiskTests : IDisposable
{
    private readonly string _directory = Path.Join(Path.GetTempPath(), $"krewe-wal-{Guid.NewGuid():n}");

    [Fact]
    public void A_log_on_files_survives_reopening_and_preallocates()
    {
        var disk = new FileDisk(Path.Join(_directory, "member", "wal"));
        var options = Wal.Options(segmentBytes: 64 * 1024) with { PreallocateInBackground = true };
        var entries = Wal.Entries(1, 1000, term: 1, dataBytes: 200);
        using (var log = Wal.Create(disk, options))
        {
            foreach (var batch in entries.Chunk(64))
            {
                log.Append(batch, new HardState(1, 1, batch[0].Index));
                log.Sync();
            }

            Assert.True(log.SegmentCount > 3);
        }

        Assert.All(Directory.GetFiles(Path.Join(_directory, "member", "wal"), "*.wal"), f => Assert.Equal(64 * 1024, new FileInfo(f).Length));
        using var reopened = Wal.Open(disk, options);
        Assert.Null(reopened.Opened.TornTail);
        Wal.AssertSame(entries, Wal.ReadAll(reopened));
        reopened.ReleaseTo(900);
        Assert.True(reopened.FirstIndex > 1);
    }

    [Fact]
    public void The_lock_of_the_directory_is_exclusive()
    {
        var disk = new FileDisk(_directory);
        using (disk.Lock())
        {
            Assert.Throws<DiskLockedException>(() => new FileDisk(_directory).Lock());
        }

        new FileDisk(_directory).Lock().Dispose();
    }

    [Fact]
    public void Preallocation_grows_and_never_shrinks_a_file()
    {
        var disk = new FileDisk(_directory);
        using var file = disk.Create("f");
        file.Preallocate(10_000);
        Assert.Equal(10_000, file.Length);
        file.Write(5, "abc"u8);
        file.Preallocate(100);
        file.SyncData();
        Assert.Equal(10_000, file.Length);
        var bytes = new byte[8];
        Assert.Equal(8, file.Read(0, bytes));
        Assert.Equal("\0\0\0\0\0abc"u8, bytes);
        Assert.Equal(2, file.Read(9_998, bytes));
        file.Truncate(9_999);
        Assert.Equal(1, file.Read(9_998, bytes));
    }

    [Fact]
    public void A_full_file_system_refuses_batches_until_space_is_freed()
    {
        using var mount = TmpfsMount.TryCreate(_directory, "1m");
        Assert.SkipWhen(mount is null, "mounting a small tmpfs needs root");
        var disk = new FileDisk(_directory);
        using var log = Wal.Create(disk, Wal.Options(segmentBytes: 256 * 1024));
        using (var filler = disk.Create("filler"))
        {
            Assert.Throws<DiskFullException>(() => filler.Preallocate(10 << 20));
            filler.Preallocate(400 * 1024);
            var batch = 10 * WriteAheadLog.SpaceForEntry(1000);
            while (log.CanAccept(batch))
            {
                Append(log);
            }

            Assert.Throws<DiskFullException>(() => Append(log));
            Assert.Throws<DiskFullException>(() => Append(log));
        }

        disk.Delete("filler");
        Append(log);
        var last = log.LastIndex;
        log.Dispose();
        using var reopened = Wal.Open(disk);
        Wal.AssertSame(Wal.Entries(1, (int)last, term: 1, dataBytes: 1000), Wal.ReadAll(reopened));
    }

    private static void Append(WriteAheadLog log)
    {
        log.Append(Wal.Entries(log.LastIndex + 1, 10, term: 1, dataBytes: 1000), null);
        log.Sync();
    }

    [Fact]
    public void Names_are_listed_renamed_and_deleted()
    {
        var disk = new FileDisk(_directory);
        disk.Create("a").Dispose();
        Assert.ThrowsAny<IOException>(() => disk.Create("a"));
        disk.Create("b").Dispose();
        disk.Rename("a", "b");
        disk.SyncDirectory();
        Assert.Equal(["b"], disk.List());
        disk.Delete("b");
        Assert.Empty(disk.List());
        Assert.Throws<FileNotFoundException>(() => disk.Open("b"));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
