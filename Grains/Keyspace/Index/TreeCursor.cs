namespace Krewe.Grains.Keyspace.Index;

/// <summary>Walks the records of a <see cref="KeyTree"/> in key order; valid until the tree changes.</summary>
internal struct TreeCursor(LeafNode leaf, int position)
{
    private LeafNode? _leaf = leaf;
    private int _position = position;

    public bool TryNext(out KeyRecord record)
    {
        while (_leaf is not null)
        {
            if (_position < _leaf.Count)
            {
                record = _leaf.Records[_position++];
                return true;
            }

            _leaf = _leaf.Next;
            _position = 0;
        }

        record = null!;
        return false;
    }
}
