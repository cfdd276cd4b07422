using System.Buffers.Binary;
using System.Diagnostics;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <summary>A member's state machine in RocksDB (design, section 8).</summary>
/// <remarks>
/// RocksDB's own log is off: a write reaches memory only, a flush takes all tables to the disk as one, and the applied index is a row
/// among the others. So after a crash the store is whole, at the index of some earlier flush, and Raft's log has the rest.
/// A flush that finds the disk full makes writes throw a <see cref="StoreFaultException"/> with <see cref="StoreFaultException.IsDiskFull"/>;
/// nothing is lost, and RocksDB goes on by itself within seconds of there being space for a write buffer. After any other failure
/// <see cref="Reopen"/> takes the store back to <see cref="DurableIndex"/>.
/// </remarks>
public sealed partial class RocksKeyspaceStore : IKeyspaceStore
{
    /// <summary>How long closing waits for iterators and reads to end.</summary>
    internal static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(30);

    private readonly string _directory;
    private readonly RocksStoreOptions _options;
    private readonly bool _isReadOnly;
    private readonly IntPtr _writeOptions;
    private readonly IntPtr _readOptions;
    private readonly IntPtr _persistedReadOptions;
    private RocksInstance _instance;
    private ulong _appliedIndex;
    private bool _disposed;

    /// <summary>Opens the store in a directory, or makes an empty one there.</summary>
    /// <exception cref="StoreFaultException">It can't be read or made.</exception>
    /// <exception cref="InvalidDataException">It has a format that this release doesn't know.</exception>
    public RocksKeyspaceStore(string directory, RocksStoreOptions? options = null)
        : this(directory, options ?? new RocksStoreOptions(), readOnly: false)
    {
    }

    private RocksKeyspaceStore(string directory, RocksStoreOptions options, bool readOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = Path.GetFullPath(directory);
        _options = options;
        _isReadOnly = readOnly;
        Directory.CreateDirectory(Path.GetDirectoryName(_directory)!);
        _writeOptions = Rocks.Api.rocksdb_writeoptions_create();
        Rocks.Api.rocksdb_writeoptions_disable_WAL(_writeOptions, 1);
        _readOptions = Rocks.Api.rocksdb_readoptions_create();
        _persistedReadOptions = Rocks.Api.rocksdb_readoptions_create();
        Rocks.Api.rocksdb_readoptions_set_read_tier(_persistedReadOptions, Rocks.PersistedTier);
        try
        {
            _instance = RocksOpener.Open(_directory, _options, readOnly);
        }
        catch
        {
            DestroyOptions();
            throw;
        }

        try
        {
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ulong AppliedIndex => Volatile.Read(ref _appliedIndex);

    /// <inheritdoc/>
    public ulong DurableIndex => ReadIndex(_persistedReadOptions);

    /// <summary>The open database, for encoding; use it with <see cref="RocksInstance.Enter"/>.</summary>
    internal RocksInstance Instance => Volatile.Read(ref _instance);

    /// <inheritdoc/>
    public IStoreBatch CreateBatch() => new RocksStoreBatch(this);

    /// <inheritdoc/>
    public void Write(IStoreBatch batch, ulong appliedIndex)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (appliedIndex < AppliedIndex)
        {
            throw new ArgumentOutOfRangeException(nameof(appliedIndex), appliedIndex, $"the store is at index {AppliedIndex} already");
        }

        var instance = Enter();
        try
        {
            var started = Stopwatch.GetTimestamp();
            ((RocksStoreBatch)batch).WriteTo(instance, _writeOptions, appliedIndex);
            _options.Written?.Invoke(Stopwatch.GetElapsedTime(started));
            Volatile.Write(ref _appliedIndex, appliedIndex);
        }
        finally
        {
            instance.Leave();
        }
    }

    /// <inheritdoc/>
    public byte[]? Get(StoreTable table, ReadOnlySpan<byte> key) => Get(table, key, _readOptions);

    /// <inheritdoc/>
    public IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive)
    {
        var instance = Enter();
        try
        {
            return new RocksStoreIterator(instance, table, from, toExclusive);
        }
        catch
        {
            instance.Leave();
            throw;
        }
    }

    /// <summary>Closes the database and opens it again, after a failure that it does not recover from by itself. What was not flushed is
    /// gone: answers the applied index from which the log must be applied again. No batch, iterator or other call may be under way.</summary>
    /// <exception cref="StoreFaultException">It can't be opened; try again later.</exception>
    public ulong Reopen()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var old = Instance;
        if (!old.IsClosed)
        {
            old.Close(ClosePatience);
        }

        Volatile.Write(ref _instance, RocksOpener.Open(_directory, _options, _isReadOnly));
        Load();
        return AppliedIndex;
    }

    /// <summary>Flushes if the disk lets it, and closes.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!Instance.IsClosed)
        {
            Instance.Close(ClosePatience);
        }

        DestroyOptions();
    }

    private RocksInstance Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var instance = Instance;
        instance.Enter();
        return instance;
    }

    private unsafe byte[]? Get(StoreTable table, ReadOnlySpan<byte> key, IntPtr readOptions)
    {
        var instance = Enter();
        try
        {
            fixed (byte* keyStart = key)
            {
                var slice = Rocks.Api.rocksdb_get_pinned_cf(
                    instance.Database, readOptions, instance.Family(table), keyStart, (UIntPtr)key.Length, out var error);
                Rocks.Check(error);
                return slice == IntPtr.Zero ? null : Copy(slice);
            }
        }
        finally
        {
            instance.Leave();
        }
    }

    private static unsafe byte[] Copy(IntPtr slice)
    {
        try
        {
            var start = Rocks.Api.rocksdb_pinnableslice_value(slice, out UIntPtr length);
            return new ReadOnlySpan<byte>((void*)start, (int)length).ToArray();
        }
        finally
        {
            Rocks.Api.rocksdb_pinnableslice_destroy(slice);
        }
    }

    private ulong ReadIndex(IntPtr readOptions) => Get(StoreTable.Meta, StoreRows.AppliedIndex, readOptions) switch
    {
        null => 0,
        { Length: sizeof(ulong) } row => BinaryPrimitives.ReadUInt64BigEndian(row),
        _ => throw new InvalidDataException("the store's applied index is malformed"),
    };

    /// <summary>Checks the format of what was opened, and marks a new store with it.</summary>
    private void Load()
    {
        _appliedIndex = ReadIndex(_readOptions);
        var format = Get(StoreTable.Meta, StoreRows.Format, _readOptions);
        if (format is null && _appliedIndex == 0 && !_isReadOnly)
        {
            using var batch = CreateBatch();
            batch.Put(StoreTable.Meta, StoreRows.Format, [StoreRows.FormatVersion]);
            Write(batch, 0);
        }
        else if (format is not [StoreRows.FormatVersion])
        {
            throw new InvalidDataException(
                $"the store in {_directory} has format {(format is [var version] ? version : "unknown")}; this release reads format {StoreRows.FormatVersion}");
        }
    }

    private void DestroyOptions()
    {
        Rocks.Api.rocksdb_writeoptions_destroy(_writeOptions);
        Rocks.Api.rocksdb_readoptions_destroy(_readOptions);
        Rocks.Api.rocksdb_readoptions_destroy(_persistedReadOptions);
    }
}
