using Krewe.Raft.Log.Disk;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// The directories below a member's data: that of the store, those of snapshots that are received (each may become the store's), and that of
/// checkpoints. Which one is the store's is told by one file, so that a store takes the place of another in one step.
/// </summary>
internal sealed class StoreDirectories
{
    /// <summary>The store's directory until the first snapshot is installed.</summary>
    public const string FirstName = "store";

    private const string ReceivedPrefix = "store-";
    private const string PointerName = "current-store";
    private const string CheckpointsName = "checkpoints";

    private readonly string _member;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _replaced = [];
    private readonly long _syncEveryBytes;
    private string _current;

    /// <param name="member">The directory of the member's data.</param>
    /// <param name="limits">Bounds.</param>
    public StoreDirectories(string member, SnapshotLimits limits)
    {
        _member = Path.GetFullPath(member);
        _syncEveryBytes = limits.SyncEveryBytes;
        var pointer = Path.Join(_member, PointerName);
        _current = File.Exists(pointer) ? StorePointer.Decode(File.ReadAllBytes(pointer)) : FirstName;
    }

    /// <summary>The directory of the store.</summary>
    public string Current
    {
        get
        {
            lock (_gate)
            {
                return PathOf(_current);
            }
        }
    }

    /// <summary>The directory of checkpoints, which live no longer than the process.</summary>
    public string Checkpoints => PathOf(CheckpointsName);

    /// <summary>
    /// At start, before the store is opened: finishes the installation of the snapshot behind which the log begins, and removes what is of no
    /// use any more.
    /// </summary>
    /// <param name="logBegin">Index and term before the first entry of the log.</param>
    /// <returns>Whether an installation was finished.</returns>
    public bool Recover((ulong Index, ulong Term) logBegin)
    {
        if (!Directory.Exists(_member))
        {
            return false;
        }

        var finished = false;
        StagedSnapshot.ForgetIfThere(Current);
        if (Received().FirstOrDefault(s => s.IsComplete && (s.Manifest.Index, s.Manifest.Term) == logBegin) is { } received)
        {
            MakeCurrent(received.PathOfDirectory);
            finished = true;
        }

        CleanUp();
        return finished;
    }

    /// <summary>The snapshot as far as it was received before, or its beginning; others are deleted, as only one is received at a time.</summary>
    public StagedSnapshot Stage(SnapshotManifest manifest)
    {
        StagedSnapshot? found = null;
        foreach (var other in Received())
        {
            if (other.Manifest.Id == manifest.Id)
            {
                found = other;
            }
            else
            {
                DeleteIfThere(other.PathOfDirectory);
            }
        }

        return found ?? StagedSnapshot.Begin(ReceivedPath(manifest.Id), manifest, _syncEveryBytes);
    }

    /// <summary>Where the data of a received snapshot lies.</summary>
    public string ReceivedPath(Guid id) => PathOf($"{ReceivedPrefix}{id:n}");

    /// <summary>Makes a received snapshot's directory that of the store, durably. Answers the one before.</summary>
    public string MakeCurrent(string directory)
    {
        var name = Path.GetFileName(directory);
        DurableFile.Write(_member, PointerName, StorePointer.Encode(name));
        StagedSnapshot.ForgetIfThere(directory);
        lock (_gate)
        {
            var before = PathOf(_current);
            _replaced.Add(before);
            _current = name;
            return before;
        }
    }

    /// <summary>The snapshot is not wanted.</summary>
    public void Discard(Guid id) => DeleteIfThere(ReceivedPath(id));

    /// <summary>Deletes the directory of a store that was replaced and closed.</summary>
    public void DeleteReplaced(string directory)
    {
        DeleteIfThere(directory);
        lock (_gate)
        {
            _replaced.Remove(directory);
        }
    }

    private List<StagedSnapshot> Received()
    {
        var received = new List<StagedSnapshot>();
        foreach (var directory in ReceivedDirectories())
        {
            if (StagedSnapshot.TryOpen(directory, _syncEveryBytes) is { } staged)
            {
                received.Add(staged);
            }
        }

        return received;
    }

    /// <summary>Not the store's, nor those of stores that are yet to be closed.</summary>
    private IEnumerable<string> ReceivedDirectories()
    {
        lock (_gate)
        {
            return [.. Directory.GetDirectories(_member, ReceivedPrefix + "*").Where(d => d != PathOf(_current) && !_replaced.Contains(d))];
        }
    }

    private void CleanUp()
    {
        DeleteIfThere(Checkpoints);
        var kept = Received().Select(s => s.PathOfDirectory).ToHashSet();
        lock (_gate)
        {
            _replaced.Clear();
        }

        foreach (var directory in ReceivedDirectories().Append(PathOf(FirstName)))
        {
            if (directory != Current && !kept.Contains(directory))
            {
                DeleteIfThere(directory);
            }
        }

        new FileDisk(_member).SyncDirectory();
    }

    private string PathOf(string name) => Path.Join(_member, name);

    private static void DeleteIfThere(string directory)
    {
        if (Directory.Exists(directory))
        {
            // First the manifest: what a crash leaves must not pass for a whole snapshot.
            StagedSnapshot.ForgetIfThere(directory);
            Directory.Delete(directory, recursive: true);
        }
    }
}
