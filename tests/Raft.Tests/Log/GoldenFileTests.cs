using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

/// <summary>The on-disk format must stay readable. Golden/v1 was written once; KREWE_REWRITE_GOLDEN=1 writes it anew in the source tree.</summary>
public sealed class GoldenFileTests
{
    private const string Name = "0000000000000000-0000000000000001.wal";

    private static string GoldenFile => Path.Join(AppContext.BaseDirectory, "Log", "Golden", "v1", Name);

    [Fact]
    public void Format_1_decodes_as_it_did()
    {
        var disk = new MemoryDisk();
        disk.Put(Name, File.ReadAllBytes(GoldenFile));
        using var log = Wal.Open(disk);
        Assert.Equal(Wal.Identity, log.Opened.Identity);
        Assert.Equal("meta"u8, log.Opened.Metadata.Span);
        Assert.Equal(new HardState(2, 0xA1, 2), log.Opened.HardState);
        Assert.Equal((2UL, 1UL), (log.Opened.Snapshot!.Value.Index, log.Opened.Snapshot.Value.Term));
        Assert.Equal("conf"u8, log.Opened.Snapshot.Value.ConfState.Span);
        Assert.Null(log.Opened.TornTail);
        Wal.AssertSame(
            [Wal.Entry(1, 1, ""), new Entry(2, 1, EntryKind.ConfChange, "change"u8.ToArray()), Wal.Entry(3, 2, "other")],
            Wal.ReadAll(log));
    }

    [Fact]
    public void Format_1_is_written_as_it_was()
    {
        var disk = new MemoryDisk();
        Write(disk);
        if (Environment.GetEnvironmentVariable("KREWE_REWRITE_GOLDEN") == "1")
        {
            File.WriteAllBytes(SourceFile(), disk.Contents(Name));
        }

        Assert.Equal(File.ReadAllBytes(GoldenFile), disk.Contents(Name));
    }

    private static void Write(MemoryDisk disk)
    {
        using var log = Wal.Create(disk);
        log.Append([Wal.Entry(1, 1, ""), new Entry(2, 1, EntryKind.ConfChange, "change"u8.ToArray()), Wal.Entry(3, 1, "value")], null);
        log.Sync();
        log.Append([Wal.Entry(3, 2, "other")], new HardState(2, 0xA1, 2));
        log.AppendSnapshot(new SnapshotMarker(2, 1, "conf"u8.ToArray()));
    }

    private static string SourceFile([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Join(Path.GetDirectoryName(here), "Golden", "v1", Name);
}
