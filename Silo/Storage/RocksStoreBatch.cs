using System.Buffers.Binary;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <summary>A batch in RocksDB's own encoding.</summary>
internal sealed unsafe class RocksStoreBatch(RocksKeyspaceStore store) : IStoreBatch
{
    private IntPtr _batch = Rocks.Api.rocksdb_writebatch_create();

    public int Count { get; private set; }

    public void Put(StoreTable table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Add(table, key, value);
        Count++;
    }

    public void Delete(StoreTable table, ReadOnlySpan<byte> key)
    {
        ObjectDisposedException.ThrowIf(_batch == IntPtr.Zero, this);
        fixed (byte* keyStart = key)
        {
            Rocks.Api.rocksdb_writebatch_delete_cf(_batch, store.Instance.Family(table), keyStart, (UIntPtr)key.Length);
        }

        Count++;
    }

    public void Clear()
    {
        ObjectDisposedException.ThrowIf(_batch == IntPtr.Zero, this);
        Rocks.Api.rocksdb_writebatch_clear(_batch);
        Count = 0;
    }

    public void Dispose()
    {
        if (_batch != IntPtr.Zero)
        {
            Rocks.Api.rocksdb_writebatch_destroy(_batch);
            _batch = IntPtr.Zero;
        }
    }

    /// <summary>Writes the batch with the applied index; takes the index out again if that fails, so that the batch can be retried.</summary>
    internal void WriteTo(RocksInstance instance, IntPtr writeOptions, ulong appliedIndex)
    {
        ObjectDisposedException.ThrowIf(_batch == IntPtr.Zero, this);
        var api = Rocks.Api;
        Span<byte> index = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(index, appliedIndex);
        api.rocksdb_writebatch_set_save_point(_batch);
        Add(StoreTable.Meta, StoreRows.AppliedIndex, index);
        api.rocksdb_write(instance.Database, writeOptions, _batch, out var error);
        if (error == IntPtr.Zero)
        {
            api.rocksdb_writebatch_pop_save_point(_batch, out _);
            return;
        }

        api.rocksdb_writebatch_rollback_to_save_point(_batch, out _);
        Rocks.Check(error);
    }

    private void Add(StoreTable table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ObjectDisposedException.ThrowIf(_batch == IntPtr.Zero, this);
        fixed (byte* keyStart = key, valueStart = value)
        {
            Rocks.Api.rocksdb_writebatch_put_cf(
                _batch, store.Instance.Family(table), keyStart, (UIntPtr)key.Length, valueStart, (UIntPtr)value.Length);
        }
    }
}
