using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <content>Flush, compaction, checkpoints and sizes.</content>
public sealed partial class RocksKeyspaceStore
{
    private static readonly StoreTable[] Tables = Enum.GetValues<StoreTable>();

    private readonly Lock _upkeep = new();
    private Task _compaction = Task.CompletedTask;

    /// <inheritdoc/>
    public long SizeBytes
    {
        get
        {
            var total = 0L;
            var instance = Enter();
            try
            {
                foreach (var table in Tables)
                {
                    total += instance.Number(table, "rocksdb.total-sst-files-size") + instance.Number(table, "rocksdb.size-all-mem-tables");
                }

                return total;
            }
            finally
            {
                instance.Leave();
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>RocksDB counts rows and deletions exactly and the bytes of rows in all; that a deleted row has the average size of its table
    /// is the only assumption.</remarks>
    public long SizeInUseBytes
    {
        get
        {
            var total = 0L;
            var instance = Enter();
            try
            {
                foreach (var table in Tables)
                {
                    total += TableUse.Of(instance, table).LiveBytes;
                }

                return total;
            }
            finally
            {
                instance.Leave();
            }
        }
    }

    /// <inheritdoc/>
    public ulong Flush()
    {
        var instance = Enter();
        try
        {
            var options = Rocks.Api.rocksdb_flushoptions_create();
            Rocks.Api.rocksdb_flushoptions_set_wait(options, 1);
            Rocks.Api.rocksdb_flush_cfs(instance.Database, options, instance.Families.ToArray(), instance.Families.Length, out var error);
            Rocks.Api.rocksdb_flushoptions_destroy(options);
            Rocks.Check(error);
        }
        finally
        {
            instance.Leave();
        }

        return DurableIndex;
    }

    /// <inheritdoc/>
    public void RequestCompaction()
    {
        lock (_upkeep)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_compaction.IsCompleted)
            {
                _compaction = Task.Run(Compact);
            }
        }
    }

    /// <inheritdoc/>
    public ulong Checkpoint(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(directory))!);
        var instance = Enter();
        try
        {
            var checkpoint = Rocks.Api.rocksdb_checkpoint_object_create(instance.Database, out var error);
            Rocks.Check(error);
            Rocks.Api.rocksdb_checkpoint_create(checkpoint, directory, 0, out error);
            Rocks.Api.rocksdb_checkpoint_object_destroy(checkpoint);
            Rocks.Check(error);
        }
        finally
        {
            instance.Leave();
        }

        return AppliedIndexOf(directory);
    }

    /// <summary>The applied index of a checkpoint, without changing it.</summary>
    public static ulong AppliedIndexOf(string directory)
    {
        using var store = OpenReadOnly(directory);
        return store.AppliedIndex;
    }

    /// <summary>A store that can only be read, such as a checkpoint. Writes throw <see cref="StoreFaultException"/>.</summary>
    public static RocksKeyspaceStore OpenReadOnly(string directory, RocksStoreOptions? options = null) =>
        new(directory, options ?? new RocksStoreOptions { BlockCacheBytes = 1024 * 1024 }, readOnly: true);

    /// <summary>Ends when no compaction that was requested is running.</summary>
    internal Task CompactionDone()
    {
        lock (_upkeep)
        {
            return _compaction;
        }
    }

    private void Compact()
    {
        RocksInstance instance;
        try
        {
            instance = Enter();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        try
        {
            foreach (var table in Tables)
            {
                Rocks.Api.rocksdb_compact_range_cf(instance.Database, instance.Family(table), IntPtr.Zero, UIntPtr.Zero, IntPtr.Zero, UIntPtr.Zero);
            }
        }
        finally
        {
            instance.Leave();
        }
    }
}
