namespace Krewe.Grains.Keyspace.Values;

/// <summary>
/// Recent values, appended to few large arrays and dropped array by array, oldest first: nothing per value for the garbage collector
/// to trace. One thread appends; any thread reads through <see cref="ValueRef"/>.
/// </summary>
internal sealed class ValueCache(long budgetBytes, int chunkBytes, int largeValueBytes)
{
    private static readonly ValueChunk EmptyChunk = new([]);

    private readonly Queue<ValueChunk> _chunks = new();
    private byte[]? _openData;
    private ValueChunk? _open;
    private int _openUsed;
    private long _bytes;

    /// <summary>Bytes of the arrays that are held.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Arrays dropped since the start.</summary>
    public long DroppedChunks { get; private set; }

    public ValueRef Append(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return new ValueRef(EmptyChunk, 0, 0);
        }

        if (value.Length > budgetBytes)
        {
            return default;
        }

        return value.Length > largeValueBytes || value.Length > chunkBytes ? AppendAlone(value) : AppendShared(value);
    }

    private ValueRef AppendAlone(ReadOnlySpan<byte> value)
    {
        var chunk = new ValueChunk(value.ToArray());
        Add(chunk, value.Length);
        return new ValueRef(chunk, 0, value.Length);
    }

    private ValueRef AppendShared(ReadOnlySpan<byte> value)
    {
        if (_openData is null || _openData.Length - _openUsed < value.Length)
        {
            _openData = GC.AllocateUninitializedArray<byte>(chunkBytes);
            _open = new ValueChunk(_openData);
            _openUsed = 0;
            Add(_open, chunkBytes);
        }

        value.CopyTo(_openData.AsSpan(_openUsed));
        var place = new ValueRef(_open, _openUsed, value.Length);
        _openUsed += value.Length;
        return place;
    }

    private void Add(ValueChunk chunk, int bytes)
    {
        _chunks.Enqueue(chunk);
        long held = _bytes + bytes;
        while (held > budgetBytes && _chunks.Count > 1)
        {
            ValueChunk oldest = _chunks.Dequeue();
            held -= oldest.Data!.Length;
            oldest.Drop();
            DroppedChunks++;
            if (oldest == _open && oldest != chunk)
            {
                // The open array went: the next small value opens another.
                _openData = null;
            }
        }

        Volatile.Write(ref _bytes, held);
    }
}
