namespace Krewe.Raft.Core;

/// <summary>Append messages to one peer that are not answered: a ring of (last index, bytes), bounded in both.</summary>
internal sealed class Inflights(int maxMessages, int maxBytes)
{
    private (ulong LastIndex, long Bytes)[] _ring = [];
    private int _start;
    private long _bytes;

    public int Count { get; private set; }

    public bool IsFull => Count >= maxMessages || _bytes >= maxBytes;

    public void Add(ulong lastIndex, long bytes)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + Count) % _ring.Length] = (lastIndex, bytes);
        Count++;
        _bytes += bytes;
    }

    public void FreeTo(ulong index)
    {
        while (Count > 0 && _ring[_start].LastIndex <= index)
        {
            _bytes -= _ring[_start].Bytes;
            _start = (_start + 1) % _ring.Length;
            Count--;
        }
    }

    public void Clear()
    {
        _start = 0;
        Count = 0;
        _bytes = 0;
    }

    private void Grow()
    {
        var larger = new (ulong, long)[Math.Max(8, Math.Min(maxMessages, _ring.Length * 2))];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _ring[(_start + i) % _ring.Length];
        }

        _ring = larger;
        _start = 0;
    }
}
