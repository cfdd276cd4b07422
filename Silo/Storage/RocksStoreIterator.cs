using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <summary>Walks a table; the view is that of the moment of creation. Keeps the database open until disposed of.</summary>
internal sealed unsafe class RocksStoreIterator : IStoreIterator
{
    /// <summary>A walk over a whole table reads ahead this many bytes and leaves the block cache alone.</summary>
    private const int FullScanReadAheadBytes = 2 * 1024 * 1024;

    private readonly RocksInstance _instance;
    private readonly IntPtr _readOptions;
    private readonly IntPtr _upperBound;
    private readonly byte[] _from;
    private IntPtr _iterator;
    private bool _started;
    private bool _ended;

    internal RocksStoreIterator(RocksInstance instance, StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive)
    {
        _instance = instance;
        _from = from.ToArray();
        _readOptions = Rocks.Api.rocksdb_readoptions_create();
        if (!toExclusive.IsEmpty)
        {
            // RocksDB keeps the address, not the bytes.
            _upperBound = Marshal.AllocHGlobal(toExclusive.Length);
            toExclusive.CopyTo(new Span<byte>((void*)_upperBound, toExclusive.Length));
            Rocks.Api.rocksdb_readoptions_set_iterate_upper_bound(_readOptions, _upperBound, (UIntPtr)toExclusive.Length);
        }
        else
        {
            Rocks.Api.rocksdb_readoptions_set_readahead_size(_readOptions, FullScanReadAheadBytes);
            Rocks.Api.rocksdb_readoptions_set_fill_cache(_readOptions, 0);
        }

        _iterator = Rocks.Api.rocksdb_create_iterator_cf(instance.Database, _readOptions, instance.Family(table));
    }

    public ReadOnlySpan<byte> Key
    {
        get
        {
            var start = Rocks.Api.rocksdb_iter_key(Valid(), out UIntPtr length);
            return new ReadOnlySpan<byte>((void*)start, (int)length);
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            var start = Rocks.Api.rocksdb_iter_value(Valid(), out UIntPtr length);
            return new ReadOnlySpan<byte>((void*)start, (int)length);
        }
    }

    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_iterator == IntPtr.Zero, this);
        if (_ended)
        {
            return false;
        }

        if (_started)
        {
            Rocks.Api.rocksdb_iter_next(_iterator);
        }
        else
        {
            _started = true;
            fixed (byte* from = _from)
            {
                Rocks.Api.rocksdb_iter_seek(_iterator, from, (UIntPtr)_from.Length);
            }
        }

        if (Rocks.Api.rocksdb_iter_valid(_iterator) != 0)
        {
            return true;
        }

        _ended = true;
        Rocks.Api.rocksdb_iter_get_error(_iterator, out var error);
        Rocks.Check(error);
        return false;
    }

    public void Dispose()
    {
        if (_iterator == IntPtr.Zero)
        {
            return;
        }

        Rocks.Api.rocksdb_iter_destroy(_iterator);
        _iterator = IntPtr.Zero;
        Rocks.Api.rocksdb_readoptions_destroy(_readOptions);
        Marshal.FreeHGlobal(_upperBound);
        _instance.Leave();
    }

    private IntPtr Valid() => _started && !_ended && _iterator != IntPtr.Zero
        ? _iterator
        : throw new InvalidOperationException("the iterator is not at a row");
}
