namespace Krewe.Grains.Keyspace.Storage;

/// <summary>
/// A store in memory for tests and simulation. <see cref="Crash"/> takes it back to the last <see cref="Flush"/>, and
/// <see cref="FailNextWrites"/> makes it refuse batches.
/// </summary>
public sealed class MemoryKeyspaceStore : IKeyspaceStore
{
    private readonly Lock _gate = new();
    private MemoryStoreView _current;
    private MemoryStoreView _durable;
    private int _failures;

    public MemoryKeyspaceStore()
        : this(MemoryStoreView.Empty)
    {
    }

    private MemoryKeyspaceStore(MemoryStoreView view) => _current = _durable = view;

    public ulong AppliedIndex => Volatile.Read(ref _current).AppliedIndex;

    public ulong DurableIndex => Volatile.Read(ref _durable).AppliedIndex;

    public long SizeBytes => SizeInUseBytes;

    public long SizeInUseBytes => Volatile.Read(ref _current).Tables.Sum(table => table.Sum(row => (long)row.Key.Length + row.Value.Length));

    /// <summary>Number of times that <see cref="RequestCompaction"/> was called.</summary>
    public int CompactionRequests { get; private set; }

    /// <summary>Changes in the last batch that was written.</summary>
    public int LastBatchChanges { get; private set; }

    /// <summary>Makes the next writes throw.</summary>
    public void FailNextWrites(int count) => _failures = count;

    public IStoreBatch CreateBatch() => new MemoryStoreBatch();

    public void Write(IStoreBatch batch, ulong appliedIndex)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_failures > 0)
        {
            _failures--;
            throw new StoreFaultException("The store was told to fail.", isDiskFull: true);
        }

        LastBatchChanges = batch.Count;
        lock (_gate)
        {
            _current = ((MemoryStoreBatch)batch).ApplyTo(_current, appliedIndex);
        }
    }

    public byte[]? Get(StoreTable table, ReadOnlySpan<byte> key) =>
        Volatile.Read(ref _current).Tables[(int)table].TryGetValue(new MemoryRow(key.ToArray(), []), out MemoryRow row) ? row.Value : null;

    public IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive) =>
        new MemoryStoreIterator(Volatile.Read(ref _current).Tables[(int)table], from.ToArray(), toExclusive.ToArray());

    public ulong Flush()
    {
        lock (_gate)
        {
            _durable = _current;
            return _durable.AppliedIndex;
        }
    }

    public void RequestCompaction() => CompactionRequests++;

    /// <summary>Not for a store without files: use <see cref="Copy"/>.</summary>
    public ulong Checkpoint(string directory) => throw new NotSupportedException();

    /// <summary>An independent store with the same contents, all durable.</summary>
    public MemoryKeyspaceStore Copy() => new(Volatile.Read(ref _current));

    /// <summary>Loses what was not flushed.</summary>
    public void Crash()
    {
        lock (_gate)
        {
            _current = _durable;
        }
    }

    public void Dispose()
    {
        // Nothing is held outside memory.
    }
}
