namespace Krewe.Grains.Keyspace;

/// <summary>A single key or an interval of keys, in the form that requests name them (behaviours 16-18).</summary>
public readonly struct KeyInterval
{
    private KeyInterval(ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> end, KeyIntervalKind kind, bool startsAfter)
    {
        Start = start;
        End = end;
        Kind = kind;
        StartsAfter = startsAfter;
    }

    /// <summary>Every key there can be.</summary>
    public static KeyInterval All => new(default, default, KeyIntervalKind.Unbounded, startsAfter: false);

    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>Exclusive end of a <see cref="KeyIntervalKind.Bounded"/> interval.</summary>
    public ReadOnlyMemory<byte> End { get; }

    public KeyIntervalKind Kind { get; }

    /// <summary>Whether <see cref="Start"/> itself is left out: how a scan goes on after a key.</summary>
    public bool StartsAfter { get; }

    public bool IsSingle => Kind == KeyIntervalKind.Single;

    /// <summary>The interval of a request's key and range_end.</summary>
    public static KeyInterval From(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd)
    {
        if (rangeEnd.IsEmpty)
        {
            return new(key, default, KeyIntervalKind.Single, startsAfter: false);
        }

        return rangeEnd.Length == 1 && rangeEnd.Span[0] == 0
            ? new(key, default, KeyIntervalKind.Unbounded, startsAfter: false)
            : new(key, rangeEnd, KeyIntervalKind.Bounded, startsAfter: false);
    }

    /// <summary>What of the interval comes after <paramref name="key"/>. Not for single keys.</summary>
    public KeyInterval After(ReadOnlyMemory<byte> key) => new(key, End, Kind, startsAfter: true);

    public bool Contains(ReadOnlySpan<byte> key)
    {
        int order = key.SequenceCompareTo(Start.Span);
        return Kind switch
        {
            KeyIntervalKind.Single => order == 0,
            KeyIntervalKind.Unbounded => StartsAfter ? order > 0 : order >= 0,
            _ => (StartsAfter ? order > 0 : order >= 0) && key.SequenceCompareTo(End.Span) < 0,
        };
    }

    /// <summary>Whether a key at or after the start is at or after the end.</summary>
    internal bool EndsBefore(ReadOnlySpan<byte> key) => Kind switch
    {
        KeyIntervalKind.Single => !key.SequenceEqual(Start.Span),
        KeyIntervalKind.Unbounded => false,
        _ => key.SequenceCompareTo(End.Span) >= 0,
    };
}
