namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Changes that reach the store together or not at all. Belongs to the one thread that applies; reused.</summary>
public interface IStoreBatch : IDisposable
{
    void Put(StoreTable table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    void Delete(StoreTable table, ReadOnlySpan<byte> key);

    /// <summary>Empties the batch for its next use.</summary>
    void Clear();

    /// <summary>Number of changes in it.</summary>
    int Count { get; }
}
