using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <summary>An open database. Closed when nobody uses it any more, so that a reader never meets freed memory.</summary>
internal sealed class RocksInstance
{
    private readonly IntPtr _database;
    private readonly IntPtr[] _families;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _uses = 1;

    internal RocksInstance(IntPtr database, IntPtr[] families)
    {
        _database = database;
        _families = families;
    }

    /// <summary>The database; valid between <see cref="Enter"/> and <see cref="Leave"/>.</summary>
    internal IntPtr Database => _database;

    internal bool IsClosed => _closed.Task.IsCompleted;

    internal ReadOnlySpan<IntPtr> Families => _families;

    internal IntPtr Family(StoreTable table) => _families[(int)table];

    /// <summary>Keeps the database open until <see cref="Leave"/>.</summary>
    /// <exception cref="ObjectDisposedException">It is closed or about to be.</exception>
    internal void Enter()
    {
        var uses = Volatile.Read(ref _uses);
        while (true)
        {
            ObjectDisposedException.ThrowIf(uses == 0, this);
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return;
            }

            uses = seen;
        }
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            CloseNow();
        }
    }

    /// <summary>Stops background work, lets those inside finish, and closes. What is in memory is flushed if the disk lets it.</summary>
    /// <exception cref="TimeoutException">Somebody stays inside; the database closes when they leave.</exception>
    internal void Close(TimeSpan patience)
    {
        Rocks.Api.rocksdb_disable_manual_compaction(_database);
        Leave();
        if (!_closed.Task.Wait(patience))
        {
            throw new TimeoutException("an iterator of the store was not disposed of");
        }
    }

    /// <summary>A number that RocksDB keeps about a table; 0 if it does not know it.</summary>
    internal long Number(StoreTable table, string property)
    {
        var buffer = Marshal.AllocHGlobal(sizeof(ulong));
        try
        {
            return Rocks.Api.rocksdb_property_int_cf(_database, Family(table), property, buffer) == 0 ? Marshal.ReadInt64(buffer) : 0;
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
        }
    }

    private void CloseNow()
    {
        Rocks.Api.rocksdb_cancel_all_background_work(_database, 1);
        foreach (var family in _families)
        {
            Rocks.Api.rocksdb_column_family_handle_destroy(family);
        }

        Rocks.Api.rocksdb_close(_database);
        _closed.SetResult();
    }
}
