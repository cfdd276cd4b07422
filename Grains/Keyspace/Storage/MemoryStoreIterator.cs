using System.Collections.Immutable;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>Walks a table of a <see cref="MemoryKeyspaceStore"/>.</summary>
internal sealed class MemoryStoreIterator : IStoreIterator
{
    private readonly ImmutableSortedSet<MemoryRow> _table;
    private readonly byte[] _toExclusive;
    private int _next;
    private MemoryRow _current;

    public MemoryStoreIterator(ImmutableSortedSet<MemoryRow> table, byte[] from, byte[] toExclusive)
    {
        _table = table;
        _toExclusive = toExclusive;
        int at = table.IndexOf(new MemoryRow(from, []));
        _next = at >= 0 ? at : ~at;
    }

    public ReadOnlySpan<byte> Key => _current.Key;

    public ReadOnlySpan<byte> Value => _current.Value;

    public bool MoveNext()
    {
        if (_next >= _table.Count)
        {
            return false;
        }

        _current = _table[_next++];
        return _toExclusive.Length == 0 || _current.Key.AsSpan().SequenceCompareTo(_toExclusive) < 0;
    }

    public void Dispose()
    {
        // Nothing is held outside memory.
    }
}
