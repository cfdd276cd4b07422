namespace Krewe.Benchmarks.Http2;

/// <summary>The FIFO of recently indexed headers (RFC 7541 section 2.3.2); index 0 is the newest.</summary>
internal sealed class HpackDynamicTable(int maxSize)
{
    private HeaderField[] _ring = new HeaderField[16];
    private int _head;

    public int Count { get; private set; }

    /// <summary>Bytes, as RFC 7541 section 4.1 counts them.</summary>
    public int Size { get; private set; }

    public int MaxSize { get; private set; } = maxSize;

    public HeaderField Get(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new Http2Exception($"HPACK index {index} is outside the dynamic table of {Count} entries");
        }

        return _ring[(_head - 1 - index) & (_ring.Length - 1)];
    }

    public void Resize(int maxSize)
    {
        MaxSize = maxSize;
        EvictTo(maxSize);
    }

    /// <summary>Adds an entry; one larger than the table empties it and is not kept (RFC 7541 section 4.4).</summary>
    public void Insert(HeaderField field)
    {
        EvictTo(MaxSize - field.Size);
        if (field.Size > MaxSize)
        {
            return;
        }

        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[_head] = field;
        _head = (_head + 1) & (_ring.Length - 1);
        Count++;
        Size += field.Size;
    }

    private void EvictTo(int size)
    {
        while (Count > 0 && Size > size)
        {
            Size -= Get(Count - 1).Size;
            Count--;
        }
    }

    private void Grow()
    {
        var larger = new HeaderField[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[Count - 1 - i] = Get(i);
        }

        _ring = larger;
        _head = Count;
    }
}
