using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Tests.Replication;

/// <summary>A store that can be made to say that it is closed when it is flushed.</summary>
internal sealed class ClosingStore(IKeyspaceStore inner) : IKeyspaceStore
{
    private int _flushes;

    /// <summary>Whether flushing throws <see cref="ObjectDisposedException"/>.</summary>
    public bool IsClosed { get; set; }

    public int Flushes => Volatile.Read(ref _flushes);

    public ulong AppliedIndex => inner.AppliedIndex;

    public ulong DurableIndex => inner.DurableIndex;

    public long SizeBytes => inner.SizeBytes;

    public long SizeInUseBytes => inner.SizeInUseBytes;

    public IStoreBatch CreateBatch() => inner.CreateBatch();

    public void Write(IStoreBatch batch, ulong appliedIndex) => inner.Write(batch, appliedIndex);

    public byte[]? Get(StoreTable table, ReadOnlySpan<byte> key) => inner.Get(table, key);

    public IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive) => inner.Iterate(table, from, toExclusive);

    public ulong Flush()
    {
        Interlocked.Increment(ref _flushes);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return inner.Flush();
    }

    public void RequestCompaction() => inner.RequestCompaction();

    public ulong Checkpoint(string directory) => inner.Checkpoint(directory);

    public void Dispose() => inner.Dispose();
}
