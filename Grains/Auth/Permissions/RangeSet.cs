namespace Krewe.Grains.Auth.Permissions;

/// <summary>
/// A set of keys as disjoint intervals in order, merged where they touch or overlap (behaviour 213). Immutable; a question costs one binary
/// search. An empty end stands for the end of all keys.
/// </summary>
internal sealed class RangeSet
{
    private readonly (byte[] Begin, byte[] End)[] _ranges;

    private RangeSet((byte[] Begin, byte[] End)[] ranges) => _ranges = ranges;

    public int Count => _ranges.Length;

    /// <summary>Merges intervals given as in requests: key, and an end that is empty for a single key or one zero byte for no end.</summary>
    public static RangeSet Of(IEnumerable<(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> RangeEnd)> intervals)
    {
        List<(byte[] Begin, byte[] End)> sorted = [.. intervals.Select(i => (i.Key.ToArray(), End(i.Key.Span, i.RangeEnd.Span)))];
        sorted.Sort(static (a, b) => a.Begin.AsSpan().SequenceCompareTo(b.Begin));
        var merged = new List<(byte[] Begin, byte[] End)>(sorted.Count);
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && CompareEnd(range.Begin, merged[^1].End) <= 0)
            {
                if (CompareEnds(range.End, merged[^1].End) > 0)
                {
                    merged[^1] = (merged[^1].Begin, range.End);
                }
            }
            else
            {
                merged.Add(range);
            }
        }

        return new RangeSet([.. merged]);
    }

    /// <summary>
    /// Whether the set holds all keys of the interval, which is given as in requests. Of an interval that ends before it begins only the first key
    /// counts, as in etcd.
    /// </summary>
    public bool Covers(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        var position = LastAtOrBefore(key);
        if (position < 0)
        {
            return false;
        }

        var end = _ranges[position].End;
        if (CompareEnd(key, end) >= 0)
        {
            return false;
        }

        if (rangeEnd.IsEmpty)
        {
            return true;
        }

        if (rangeEnd.Length == 1 && rangeEnd[0] == 0)
        {
            return end.Length == 0;
        }

        return end.Length == 0 || rangeEnd.SequenceCompareTo(end) <= 0;
    }

    private static byte[] End(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        if (rangeEnd.IsEmpty)
        {
            return [.. key, 0];
        }

        return rangeEnd.Length == 1 && rangeEnd[0] == 0 ? [] : rangeEnd.ToArray();
    }

    /// <summary>Where a key stands to an end.</summary>
    private static int CompareEnd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> end) => end.IsEmpty ? -1 : key.SequenceCompareTo(end);

    private static int CompareEnds(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.IsEmpty || right.IsEmpty ? left.IsEmpty.CompareTo(right.IsEmpty) : left.SequenceCompareTo(right);

    private int LastAtOrBefore(ReadOnlySpan<byte> key)
    {
        var low = 0;
        var high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].Begin.AsSpan().SequenceCompareTo(key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
