using Krewe.Raft.Log.Disk;

namespace Krewe.Silo.Snapshots;

/// <summary>Small files that are replaced as a whole.</summary>
internal static class DurableFile
{
    /// <summary>Afterwards the file has these contents, also after a crash; a crash before leaves what was there.</summary>
    public static void Write(string directory, string name, ReadOnlySpan<byte> contents)
    {
        var temporary = name + ".tmp";
        using (var handle = File.OpenHandle(Path.Join(directory, temporary), FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, contents, 0);
            RandomAccess.FlushToDisk(handle);
        }

        var disk = new FileDisk(directory);
        disk.Rename(temporary, name);
        disk.SyncDirectory();
    }
}
