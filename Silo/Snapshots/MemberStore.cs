using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// The member's store for those who look after it (sizes, flushes, checkpoints), whichever it is: an installed snapshot takes the place of the
/// one before. The keyspace itself holds the store that its state was loaded from.
/// </summary>
internal sealed class MemberStore(IKeyspaceStore first) : IKeyspaceStore
{
    private IKeyspaceStore _current = first;

    public ulong AppliedIndex => Use(static store => store.AppliedIndex);

    public ulong DurableIndex => Use(static store => store.DurableIndex);

    public long SizeBytes => Use(static store => store.SizeBytes);

    public long SizeInUseBytes => Use(static store => store.SizeInUseBytes);

    /// <summary>The store of the moment.</summary>
    public IKeyspaceStore Current => Volatile.Read(ref _current);

    /// <summary>Puts another store in place; answers the one before, which the caller closes once nobody reads it.</summary>
    public IKeyspaceStore Replace(IKeyspaceStore next) => Interlocked.Exchange(ref _current, next);

    public IStoreBatch CreateBatch() => Current.CreateBatch();

    public void Write(IStoreBatch batch, ulong appliedIndex) => Current.Write(batch, appliedIndex);

    public byte[]? Get(StoreTable table, ReadOnlySpan<byte> key) => Current.Get(table, key);

    public IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive) =>
        Current.Iterate(table, from, toExclusive);

    public ulong Flush() => Use(static store => store.Flush());

    public void RequestCompaction() => Use(static store =>
    {
        store.RequestCompaction();
        return 0;
    });

    public ulong Checkpoint(string directory) => Use(store => store.Checkpoint(directory));

    public void Dispose() => Current.Dispose();

    /// <summary>Again with the store that took the place of one that was closed meanwhile.</summary>
    private T Use<T>(Func<IKeyspaceStore, T> use)
    {
        while (true)
        {
            var store = Current;
            try
            {
                return use(store);
            }
            catch (ObjectDisposedException) when (Current != store)
            {
                // Replaced.
            }
        }
    }
}
