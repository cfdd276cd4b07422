using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <summary>Opens the database of a store: one column family a table, no write-ahead log, all families flushed as one.</summary>
internal static class RocksOpener
{
    private const long BlockBytes = 16 * 1024;
    private const long LogFileBytes = 4 * 1024 * 1024;
    private const int LogFiles = 4;
    private const int WarnLevel = 2;

    /// <summary>Rate at which files are synced while they are written, in bytes, so that the last sync is short.</summary>
    private const long BytesPerSync = 1024 * 1024;

    /// <summary>The column family of a table, by the table's number. RocksDB insists on the name "default" for one.</summary>
    private static readonly string[] FamilyNames = ["default", "revisions", "leases", "alarms", "members", "silos", "directory", "auth"];

    internal static RocksInstance Open(string directory, RocksStoreOptions options, bool readOnly = false)
    {
        var handles = new IntPtr[FamilyNames.Length];
        using var native = new RocksOptions();
        Configure(native, options);
        var error = IntPtr.Zero;
        var families = native.Families(FamilyNames.Length);
        var pinned = GCHandle.Alloc(handles, GCHandleType.Pinned);
        var names = FamilyNames.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        var pinnedNames = GCHandle.Alloc(names, GCHandleType.Pinned);
        var pinnedFamilies = GCHandle.Alloc(families, GCHandleType.Pinned);
        try
        {
            var database = readOnly
                ? Rocks.Api.rocksdb_open_for_read_only_column_families(
                    native.Handle, directory, handles.Length, pinnedNames.AddrOfPinnedObject(), pinnedFamilies.AddrOfPinnedObject(), pinned.AddrOfPinnedObject(), 0, out error)
                : Rocks.Api.rocksdb_open_column_families(
                    native.Handle, directory, handles.Length, pinnedNames.AddrOfPinnedObject(), pinnedFamilies.AddrOfPinnedObject(), pinned.AddrOfPinnedObject(), out error);
            Rocks.Check(error);
            return new RocksInstance(database, handles);
        }
        finally
        {
            pinned.Free();
            pinnedNames.Free();
            pinnedFamilies.Free();
            Array.ForEach(names, Marshal.FreeCoTaskMem);
        }
    }

    private static void Configure(RocksOptions native, RocksStoreOptions options)
    {
        var api = Rocks.Api;
        var handle = native.Handle;
        api.rocksdb_options_set_create_if_missing(handle, 1);
        api.rocksdb_options_set_create_missing_column_families(handle, 1);
        api.rocksdb_options_set_atomic_flush(handle, 1);
        api.rocksdb_options_set_max_background_jobs(handle, options.BackgroundJobs);
        api.rocksdb_options_set_write_buffer_size(handle, (UIntPtr)options.WriteBufferBytes);
        api.rocksdb_options_set_max_write_buffer_number(handle, options.MaxWriteBuffers);
        api.rocksdb_options_set_level_compaction_dynamic_level_bytes(handle, 1);
        api.rocksdb_options_set_compression(handle, Rocks.NoCompression);
        api.rocksdb_options_set_bottommost_compression(handle, options.CompressLastLevel ? Rocks.Lz4Compression : Rocks.NoCompression);
        api.rocksdb_options_set_bytes_per_sync(handle, (ulong)BytesPerSync);
        api.rocksdb_options_set_info_log_level(handle, WarnLevel);
        api.rocksdb_options_set_max_log_file_size(handle, (UIntPtr)LogFileBytes);
        api.rocksdb_options_set_keep_log_file_num(handle, (UIntPtr)LogFiles);
        api.rocksdb_options_set_stats_dump_period_sec(handle, 0);
        api.rocksdb_options_set_stats_persist_period_sec(handle, 0);
        native.UseBlockCache(options.BlockCacheBytes, BlockBytes);
        native.RecoverFromFullDisk();
    }
}
