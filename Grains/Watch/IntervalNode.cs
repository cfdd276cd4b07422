namespace Krewe.Grains.Watch;

/// <summary>One distinct interval in the tree of an <see cref="IntervalIndex{T}"/>, with everything that wants it.</summary>
internal sealed class IntervalNode<T>(byte[] from, byte[]? to, uint priority)
    where T : class
{
    public byte[] From { get; } = from;

    /// <summary>Exclusive end; null for none.</summary>
    public byte[]? To { get; } = to;

    /// <summary>Heap order of the treap.</summary>
    public uint Priority { get; } = priority;

    /// <summary>Greatest end in this subtree; null if one has no end.</summary>
    public byte[]? MaxTo { get; private set; } = to;

    public List<T> Items { get; } = [];

    public IntervalNode<T>? Left { get; set; }

    public IntervalNode<T>? Right { get; set; }

    public int CompareTo(ReadOnlySpan<byte> from, byte[]? to)
    {
        int order = From.AsSpan().SequenceCompareTo(from);
        return order != 0 ? order : CompareEnds(To, to);
    }

    public void Update()
    {
        MaxTo = Max(Max(To, Left), Right);
    }

    private static byte[]? Max(byte[]? end, IntervalNode<T>? child) => child is null || CompareEnds(end, child.MaxTo) >= 0 ? end : child.MaxTo;

    private static int CompareEnds(byte[]? x, byte[]? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => x.AsSpan().SequenceCompareTo(y),
    };
}
