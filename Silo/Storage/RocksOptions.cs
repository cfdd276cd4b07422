namespace Krewe.Silo.Storage;

/// <summary>RocksDB's option objects, which the database copies when it opens.</summary>
internal sealed class RocksOptions : IDisposable
{
    private readonly List<Action> _disposals = [];

    internal RocksOptions()
    {
        Handle = Rocks.Api.rocksdb_options_create();
        _disposals.Add(() => Rocks.Api.rocksdb_options_destroy(Handle));
    }

    internal IntPtr Handle { get; }

    /// <summary>The same options for each of a number of column families.</summary>
    internal IntPtr[] Families(int count) => Enumerable.Repeat(Handle, count).ToArray();

    internal void UseBlockCache(long cacheBytes, long blockBytes)
    {
        var api = Rocks.Api;
        var table = api.rocksdb_block_based_options_create();
        var cache = api.rocksdb_cache_create_lru((UIntPtr)cacheBytes);
        api.rocksdb_block_based_options_set_block_cache(table, cache);
        api.rocksdb_block_based_options_set_block_size(table, (UIntPtr)blockBytes);
        api.rocksdb_options_set_block_based_table_factory(Handle, table);
        _disposals.Add(() => api.rocksdb_cache_destroy(cache));
        _disposals.Add(() => api.rocksdb_block_based_options_destroy(table));
    }

    /// <summary>A file manager watches the free space after a flush or compaction ran out of it, and goes on when there is some.</summary>
    internal void RecoverFromFullDisk()
    {
        var api = Rocks.Api;
        var environment = api.rocksdb_create_default_env();
        var manager = api.rocksdb_sst_file_manager_create(environment);
        api.rocksdb_options_set_sst_file_manager(Handle, manager);
        _disposals.Add(() => api.rocksdb_sst_file_manager_destroy(manager));
        _disposals.Add(() => api.rocksdb_env_destroy(environment));
    }

    public void Dispose()
    {
        foreach (var dispose in _disposals)
        {
            dispose();
        }
    }
}
