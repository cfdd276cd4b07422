using System.Collections.Immutable;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Walks a table of a <see cref="MemoryKeyspaceStore"/>.</summary>
internal sealed class MemoryStoreIterator(ImmutableSortedDictionary<byte[], byte[]> table, byte[] from, byte[] toExclusive) : IStoreIterator
{
    private readonly IEnumerator<KeyValuePair<byte[], byte[]>> _rows = table
        .SkipWhile(row => row.Key.AsSpan().SequenceCompareTo(from) < 0)
        .TakeWhile(row => toExclusive.Length == 0 || row.Key.AsSpan().SequenceCompareTo(toExclusive) < 0)
        .GetEnumerator();

    public ReadOnlySpan<byte> Key => _rows.Current.Key;

    public ReadOnlySpan<byte> Value => _rows.Current.Value;

    public bool MoveNext() => _rows.MoveNext();

    public void Dispose() => _rows.Dispose();
}
