using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>A store in memory: ordered by unsigned byte order, atomic batches.</summary>
internal sealed class MemoryStore : IKeyspaceStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<byte[], byte[]> _rows = new(ByteOrder.Instance);

    public ulong AppliedIndex { get; private set; }

    public ulong DurableIndex => AppliedIndex;

    public long SizeBytes => SizeInUseBytes;

    public long SizeInUseBytes => _rows.Sum(row => row.Key.Length + row.Value.Length);

    public IStoreBatch CreateBatch() => new MemoryBatch();

    public void Write(IStoreBatch batch, ulong appliedIndex)
    {
        lock (_lock)
        {
            foreach ((byte[] key, byte[]? value) in ((MemoryBatch)batch).Changes)
            {
                if (value is null)
                {
                    _rows.Remove(key);
                }
                else
                {
                    _rows[key] = value;
                }
            }

            AppliedIndex = appliedIndex;
        }
    }

    public byte[]? Get(StoreTable table, ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault(MemoryBatch.Row(table, key));
        }
    }

    public IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive)
    {
        byte[] first = MemoryBatch.Row(table, from);
        byte[] end = toExclusive.IsEmpty ? [(byte)(table + 1)] : MemoryBatch.Row(table, toExclusive);
        lock (_lock)
        {
            return new MemoryIterator(
                [.. _rows.Where(row => ByteOrder.Instance.Compare(row.Key, first) >= 0 && ByteOrder.Instance.Compare(row.Key, end) < 0)]);
        }
    }

    public ulong Flush() => AppliedIndex;

    public void RequestCompaction()
    {
    }

    public ulong Checkpoint(string directory) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
