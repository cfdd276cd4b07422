namespace Krewe.Grains.Watch;

/// <summary>A key, or the keys from one on up to an exclusive end or without end: what a watcher wants (behaviours 122, 123).</summary>
public readonly struct KeyInterval
{
    private KeyInterval(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> to, bool isSingle, bool isOpenEnded)
    {
        From = from;
        To = to;
        IsSingle = isSingle;
        IsOpenEnded = isOpenEnded;
    }

    public ReadOnlyMemory<byte> From { get; }

    /// <summary>Exclusive end; without meaning for a single key and for an interval without end.</summary>
    public ReadOnlyMemory<byte> To { get; }

    public bool IsSingle { get; }

    public bool IsOpenEnded { get; }

    /// <summary>From etcd's pair: no end is the single key, an end of one zero byte is no end (behaviours 16-18).</summary>
    public static KeyInterval Create(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd)
    {
        bool open = rangeEnd.Length == 1 && rangeEnd.Span[0] == 0;
        return new KeyInterval(key, open ? default : rangeEnd, rangeEnd.IsEmpty, open);
    }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        if (IsSingle)
        {
            return key.SequenceEqual(From.Span);
        }

        return key.SequenceCompareTo(From.Span) >= 0 && (IsOpenEnded || key.SequenceCompareTo(To.Span) < 0);
    }
}
