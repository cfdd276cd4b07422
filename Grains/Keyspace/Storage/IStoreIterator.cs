namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Walks a table in ascending byte order of keys over a consistent view. Spans live until the next call.</summary>
public interface IStoreIterator : IDisposable
{
    /// <summary>Moves to the next row; the first call moves to the first row.</summary>
    bool MoveNext();

    ReadOnlySpan<byte> Key { get; }

    ReadOnlySpan<byte> Value { get; }
}
