namespace Krewe.Grains.Keyspace.Storage;

/// <summary>
/// Where a member keeps its state machine. One thread writes, any thread reads. Nothing is synced by <see cref="Write"/>: Raft's log
/// covers what is not flushed, so after a crash the store is at some earlier applied index, whole (design, section 8).
/// </summary>
public interface IKeyspaceStore : IDisposable
{
    /// <summary>Applied index of the last batch written, also after reopening; 0 for an empty store.</summary>
    ulong AppliedIndex { get; }

    /// <summary>Applied index that a crash can not take back. Log entries up to here may be released.</summary>
    ulong DurableIndex { get; }

    IStoreBatch CreateBatch();

    /// <summary>Writes the batch and the applied index atomically. Throws <see cref="StoreFaultException"/> and changes nothing if it can't.</summary>
    void Write(IStoreBatch batch, ulong appliedIndex);

    /// <summary>Reads one row; null if it is absent.</summary>
    byte[]? Get(StoreTable table, ReadOnlySpan<byte> key);

    /// <summary>Rows with keys in [from, toExclusive); an empty end means to the end of the table.</summary>
    IStoreIterator Iterate(StoreTable table, ReadOnlySpan<byte> from, ReadOnlySpan<byte> toExclusive);

    /// <summary>Makes all that was written durable; answers the new <see cref="DurableIndex"/>. Any thread but one at a time.</summary>
    ulong Flush();

    /// <summary>Asks for a compaction of the files in the background; returns at once.</summary>
    void RequestCompaction();

    /// <summary>Hard-linked copy of a consistent state in a directory that must not exist; answers its applied index.</summary>
    ulong Checkpoint(string directory);

    /// <summary>Bytes allocated on disk and in write buffers.</summary>
    long SizeBytes { get; }

    /// <summary>Bytes of it that hold live data.</summary>
    long SizeInUseBytes { get; }
}
