using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Keyspace.Tests.Reads;

/// <summary>A store that fails whoever uses it after it was closed.</summary>
internal sealed class ClosableStore(MemoryKeyspaceStore inner) : IKeyspaceStore
{
    private volatile bool _isClosed;

    public ulong AppliedIndex => Inner.AppliedIndex;

    public ulong DurableIndex => Inner.DurableIndex;

    public long SizeBytes => Inner.SizeBytes;

    public long SizeInUseBytes => Inner.SizeInUseBytes;

    private MemoryKeyspaceStore Inner
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return inner;
        }
    }

    public void Close() => _isClosed = true;

    public IStoreBatch CreateBatch() => Inner.CreateBatch();

    public void Write(IStoreBatch batch, ulong appliedIndex) => Inner.Write(batch, appliedIndex);

    public byte[]? Get(StoreTable table, ReadOnlySpan<byte> key) => Inner.Get(table, key);

    public IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive) => Inner.Iterate(table, from, toExclusive);

    public ulong Flush() => Inner.Flush();

    public void RequestCompaction() => Inner.RequestCompaction();

    public ulong Checkpoint(string directory) => Inner.Checkpoint(directory);

    public void Dispose() => Close();
}
