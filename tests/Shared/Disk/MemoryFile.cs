using Krewe.Raft.Log;

namespace Krewe.Testing.Disk;

/// <summary>A file of a <see cref="MemoryDisk"/>: what readers see, what is durable, and the writes in between.</summary>
internal sealed class MemoryFile(MemoryDisk disk, string name, byte[] contents)
{
    private readonly List<(long Offset, byte[] Data)> _unsynced = [];
    private byte[] _current = (byte[])contents.Clone();
    private byte[] _durable = (byte[])contents.Clone();

    internal MemoryFile(MemoryDisk disk, string name)
        : this(disk, name, [])
    {
    }

    internal long AllocatedBytes => _current.Length;

    internal byte[] Current() => (byte[])_current.Clone();

    internal IDiskFile NewHandle() => new Handle(this);

    /// <summary>What is found after a power failure.</summary>
    internal byte[] AfterPowerLoss(Random random)
    {
        var size = random.Next(2) == 0 ? _current.Length : _durable.Length;
        var survivor = new byte[Math.Max(size, _durable.Length)];
        _durable.CopyTo(survivor, 0);
        var newest = new Dictionary<long, int>();
        for (var i = 0; i < _unsynced.Count; i++)
        {
            Survive(survivor, _unsynced[i].Offset, _unsynced[i].Data, i, newest, random);
        }

        return survivor[..size];
    }

    private void Survive(byte[] survivor, long offset, byte[] data, int order, Dictionary<long, int> newest, Random random)
    {
        for (long at = offset, end = offset + data.Length; at < end;)
        {
            var sector = at / MemoryDisk.SectorBytes;
            var next = Math.Min(end, (sector + 1) * MemoryDisk.SectorBytes);
            if (!newest.TryGetValue(sector, out var last))
            {
                // The number of this sector's unsynced writes that survive, judged from the first that touches it.
                newest[sector] = last = order + random.Next(_unsynced.Count - order + 1) - 1 + random.Next(2);
            }

            var length = order <= last ? next - at : order == last + 1 && random.Next(4) == 0 ? random.NextInt64(next - at) : 0;
            length = Math.Min(length, survivor.Length - at);
            if (length > 0)
            {
                data.AsSpan((int)(at - offset), (int)length).CopyTo(survivor.AsSpan((int)at));
            }

            at = next;
        }
    }

    private void Resize(long length)
    {
        if (length > _current.Length)
        {
            disk.Claim(length - _current.Length);
        }

        Array.Resize(ref _current, (int)length);
    }

    private void Write(long offset, byte[] data)
    {
        if (offset + data.Length > _current.Length)
        {
            Resize(offset + data.Length);
        }

        data.CopyTo(_current, offset);
        _unsynced.Add((offset, data));
    }

    private void Sync()
    {
        // Only what is dirty is written: pages that a failed sync marked clean stay as the disk has them.
        Array.Resize(ref _durable, _current.Length);
        foreach (var (offset, data) in _unsynced)
        {
            data.AsSpan(0, (int)Math.Clamp(_durable.Length - offset, 0, data.Length)).CopyTo(_durable.AsSpan((int)offset));
        }

        _unsynced.Clear();
    }

    /// <summary>The kernel tried to write, failed somewhere, and regards the pages as clean.</summary>
    private void FailSync()
    {
        _durable = AfterPowerLoss(disk.Random);
        _unsynced.Clear();
    }

    private sealed class Handle(MemoryFile file) : IDiskFile
    {
        private bool _disposed;

        public long Length => file._current.Length;

        public void Preallocate(long length) => Run(DiskOperation.Preallocate, () => file.Resize(Math.Max(length, Length)));

        public int Read(long offset, Span<byte> buffer)
        {
            var length = (int)Math.Clamp(Length - offset, 0, buffer.Length);
            byte[] data = [];
            Run(DiskOperation.Read, () => data = file._current.AsSpan((int)offset, length).ToArray());
            data.CopyTo(buffer);
            return length;
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            var copy = data.ToArray();
            Run(DiskOperation.Write, () => file.Write(offset, copy));
        }

        public void Truncate(long length) => Run(DiskOperation.Truncate, () => file.Resize(length));

        public void SyncData()
        {
            try
            {
                Run(DiskOperation.SyncData, file.Sync);
            }
            catch (IOException)
            {
                file.FailSync();
                throw;
            }
        }

        public void Dispose() => _disposed = true;

        private void Run(DiskOperation operation, Action action) => file.Owner.Run(operation, file.Name, () =>
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            action();
            return true;
        });
    }

    private MemoryDisk Owner => disk;

    /// <summary>Its present name.</summary>
    internal string Name { get; set; } = name;
}
