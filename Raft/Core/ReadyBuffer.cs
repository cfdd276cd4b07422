namespace Krewe.Raft.Core;

/// <summary>A list whose memory can be handed out and used again.</summary>
internal sealed class ReadyBuffer<T>
{
    /// <summary>A larger array is not kept for reuse.</summary>
    private const int MaxKept = 4096;

    private T[] _items = [];

    public int Count { get; private set; }

    public ReadOnlyMemory<T> Memory => _items.AsMemory(0, Count);

    public ReadOnlySpan<T> Span => _items.AsSpan(0, Count);

    public void Add(in T item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        }

        _items[Count++] = item;
    }

    public void Clear()
    {
        if (_items.Length > MaxKept)
        {
            _items = [];
        }
        else
        {
            Array.Clear(_items, 0, Count);
        }

        Count = 0;
    }
}
