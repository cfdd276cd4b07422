using Krewe.Raft.Log.Disk;
using Microsoft.Win32.SafeHandles;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// A snapshot that is being received, in a directory of its own: its files, and the manifest under a name that says whether all of them are
/// there. Survives restarts; what a crash left of a file is found out by its checksum.
/// </summary>
internal sealed class StagedSnapshot : IDisposable
{
    /// <summary>The manifest while files are missing.</summary>
    public const string IncomingName = "KREWE-INCOMING";

    /// <summary>The manifest once all files are whole and durable.</summary>
    public const string CompleteName = "KREWE-COMPLETE";

    private readonly FileDisk _disk;
    private readonly long _syncEveryBytes;
    private SafeFileHandle? _open;
    private int _openFile = -1;
    private long _unsyncedBytes;

    private StagedSnapshot(string directory, SnapshotManifest manifest, bool isComplete, long syncEveryBytes)
    {
        PathOfDirectory = directory;
        Manifest = manifest;
        IsComplete = isComplete;
        _syncEveryBytes = syncEveryBytes;
        _disk = new FileDisk(directory);
    }

    public string PathOfDirectory { get; }

    public SnapshotManifest Manifest { get; }

    public bool IsComplete { get; private set; }

    /// <summary>Begins to receive a snapshot in a directory that is not there yet.</summary>
    public static StagedSnapshot Begin(string directory, SnapshotManifest manifest, long syncEveryBytes)
    {
        var staged = new StagedSnapshot(directory, manifest, isComplete: false, syncEveryBytes);
        DurableFile.Write(directory, IncomingName, manifest.Encode());
        return staged;
    }

    /// <summary>What is in the directory; null if it is no snapshot, or no longer one.</summary>
    public static StagedSnapshot? TryOpen(string directory, long syncEveryBytes)
    {
        foreach (var (name, isComplete) in (ReadOnlySpan<(string, bool)>)[(CompleteName, true), (IncomingName, false)])
        {
            var path = Path.Join(directory, name);
            if (File.Exists(path) && SnapshotManifest.TryDecode(File.ReadAllBytes(path), out var manifest))
            {
                return new StagedSnapshot(directory, manifest, isComplete, syncEveryBytes);
            }
        }

        return null;
    }

    /// <summary>The directory becomes that of a store, which changes its files: it is no snapshot from here on.</summary>
    public static void ForgetIfThere(string directory)
    {
        foreach (var path in (ReadOnlySpan<string>)[Path.Join(directory, IncomingName), Path.Join(directory, CompleteName)])
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                new FileDisk(directory).SyncDirectory();
            }
        }
    }

    /// <summary>Opens a file for writing; answers how much of it is here.</summary>
    public long OpenFile(int file)
    {
        CloseFile();
        var wanted = Manifest.Files[file];
        _open = File.OpenHandle(PathOf(wanted.Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _openFile = file;
        var length = RandomAccess.GetLength(_open);
        if (length > wanted.Length)
        {
            RandomAccess.SetLength(_open, length = 0);
        }

        return length;
    }

    /// <summary>Writes the next bytes of the open file.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_open!, bytes, offset);
        _unsyncedBytes += bytes.Length;
        if (_unsyncedBytes >= _syncEveryBytes)
        {
            RandomAccess.FlushToDisk(_open!);
            _unsyncedBytes = 0;
        }
    }

    /// <summary>Makes the open file durable if it is as it should be; empties it if not.</summary>
    public bool TryFinishFile()
    {
        if (FileChecksum.Of(_open!) != Manifest.Files[_openFile].Checksum)
        {
            RandomAccess.SetLength(_open!, 0);
            return false;
        }

        RandomAccess.FlushToDisk(_open!);
        CloseFile();
        return true;
    }

    /// <summary>All files are finished: says so durably.</summary>
    public void Complete()
    {
        CloseFile();
        _disk.SyncDirectory();
        _disk.Rename(IncomingName, CompleteName);
        _disk.SyncDirectory();
        IsComplete = true;
    }

    public void Dispose() => CloseFile();

    private void CloseFile()
    {
        _open?.Dispose();
        _open = null;
        _openFile = -1;
        _unsyncedBytes = 0;
    }

    private string PathOf(string name) => Path.Join(PathOfDirectory, name);
}
