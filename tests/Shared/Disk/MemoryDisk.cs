using Krewe.Raft.Log;

namespace Krewe.Testing.Disk;

/// <summary>A directory in memory that can lose power, run full and fail, for tests of everything that goes through <see cref="IDisk"/>.</summary>
/// <remarks>
/// The crash model is harsher than a journaling file system: of all that was not synced an arbitrary part survives. Each 512-byte sector
/// of a file keeps the effect of an arbitrary prefix of its unsynced writes, the write behind that may be torn in the sector; sizes and
/// directory changes survive or not, in any combination that makes sense. A failed sync does the same to what it should have synced and
/// then forgets it, as Linux does (fsyncgate).
/// </remarks>
public sealed class MemoryDisk : IDisk
{
    public const int SectorBytes = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryFile> _files = [];
    private readonly Dictionary<string, MemoryFile> _durableFiles = [];
    private readonly List<Action<Dictionary<string, MemoryFile>>> _unsyncedChanges = [];
    private bool _locked;
    private bool _lost;

    /// <summary>Space for file contents, in bytes. Preallocated bytes count as used.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Called before each operation with its file (empty for the directory); may throw, wait or change the disk.</summary>
    public Action<DiskOperation, string>? Before { get; set; }

    /// <summary>Decides what survives a failed sync.</summary>
    public Random Random { get; set; } = new(0);

    /// <summary>How often each operation succeeded.</summary>
    public Dictionary<DiskOperation, int> Counts { get; } = [];

    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return _files.Values.Distinct().Sum(f => f.AllocatedBytes);
            }
        }
    }

    public IDisposable Lock()
    {
        lock (_gate)
        {
            if (_locked)
            {
                throw new DiskLockedException();
            }

            _locked = true;
            return new Unlocker(this);
        }
    }

    public IReadOnlyList<string> List() => Run(DiskOperation.List, "", () => _files.Keys.ToList());

    public IDiskFile Create(string name) => Run(DiskOperation.Create, name, () =>
    {
        var file = new MemoryFile(this, name);
        if (!_files.TryAdd(name, file))
        {
            throw new IOException($"{name} exists");
        }

        _unsyncedChanges.Add(names => names[name] = file);
        return file.NewHandle();
    });

    public IDiskFile Open(string name) => Run(DiskOperation.Open, name, () =>
        _files.TryGetValue(name, out var file) ? file.NewHandle() : throw new FileNotFoundException(name));

    public void Rename(string from, string to) => Run(DiskOperation.Rename, from, () =>
    {
        if (!_files.Remove(from, out var file))
        {
            throw new FileNotFoundException(from);
        }

        _files[to] = file;
        file.Name = to;
        _unsyncedChanges.Add(names =>
        {
            if (names.Remove(from, out var moved))
            {
                names[to] = moved;
            }
        });
        return true;
    });

    public void Delete(string name) => Run(DiskOperation.Delete, name, () =>
    {
        _files.Remove(name);
        _unsyncedChanges.Add(names => names.Remove(name));
        return true;
    });

    public void SyncDirectory() => Run(DiskOperation.SyncDirectory, "", () =>
    {
        _unsyncedChanges.ForEach(change => change(_durableFiles));
        _unsyncedChanges.Clear();
        return true;
    });

    /// <summary>The power fails now: returns the disk as it is found at the next start. This object is dead afterwards.</summary>
    public MemoryDisk LosePower(Random random)
    {
        lock (_gate)
        {
            _lost = true;
            var names = new Dictionary<string, MemoryFile>(_durableFiles);
            foreach (var change in _unsyncedChanges)
            {
                if (random.Next(2) == 0)
                {
                    change(names);
                }
            }

            return NewDisk(names, file => file.AfterPowerLoss(random));
        }
    }

    /// <summary>The process dies now: its lock is gone, all it wrote is still in the kernel, synced or not.</summary>
    public void LoseProcess() => _locked = false;

    /// <summary>The bytes of a file as a reader sees them.</summary>
    public byte[] Contents(string name)
    {
        lock (_gate)
        {
            return _files[name].Current();
        }
    }

    /// <summary>Replaces the bytes of a file, durably: damage done behind everybody's back, or a file that is put there.</summary>
    public void Put(string name, byte[] contents)
    {
        lock (_gate)
        {
            var file = new MemoryFile(this, name, contents);
            _files[name] = file;
            _durableFiles[name] = file;
        }
    }

    /// <summary>A durable copy of all files.</summary>
    public MemoryDisk Copy()
    {
        lock (_gate)
        {
            return NewDisk(_files, file => file.Current());
        }
    }

    internal T Run<T>(DiskOperation operation, string name, Func<T> action)
    {
        Before?.Invoke(operation, name);
        lock (_gate)
        {
            if (_lost)
            {
                throw new PowerLostException();
            }

            var result = action();
            Counts[operation] = Counts.GetValueOrDefault(operation) + 1;
            return result;
        }
    }

    internal void Claim(long bytes)
    {
        if (_files.Values.Distinct().Sum(f => f.AllocatedBytes) + bytes > CapacityBytes)
        {
            throw new DiskFullException();
        }
    }

    private static MemoryDisk NewDisk(Dictionary<string, MemoryFile> names, Func<MemoryFile, byte[]> contents)
    {
        var disk = new MemoryDisk();
        foreach (var (name, file) in names)
        {
            disk.Put(name, contents(file));
        }

        return disk;
    }

    private sealed class Unlocker(MemoryDisk disk) : IDisposable
    {
        public void Dispose() => disk._locked = false;
    }
}
