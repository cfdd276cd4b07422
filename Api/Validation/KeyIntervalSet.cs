namespace Krewe.Api.Validation;

/// <summary>
/// A set of keys given as single keys and half-open intervals. The open-ended form is kept as written, <c>[key, "\0")</c>, which
/// holds nothing: etcd lets it escape the overlap check (behaviour 87).
/// </summary>
internal sealed class KeyIntervalSet
{
    private readonly HashSet<ReadOnlyMemory<byte>> _points = new(KeyBytesComparer.Instance);

    // Disjoint, by start.
    private readonly List<(ReadOnlyMemory<byte> Start, ReadOnlyMemory<byte> End)> _intervals = [];

    /// <summary>An empty <paramref name="end"/> means the single key.</summary>
    public void Add(ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> end)
    {
        if (end.IsEmpty)
        {
            _points.Add(start);
        }
        else if (Compare(start, end) < 0)
        {
            AddInterval(start, end);
        }
    }

    public void AddAll(KeyIntervalSet other)
    {
        _points.UnionWith(other._points);
        foreach (var (start, end) in other._intervals)
        {
            AddInterval(start, end);
        }
    }

    public bool Contains(ReadOnlyMemory<byte> key)
    {
        if (_points.Contains(key))
        {
            return true;
        }

        var next = FirstStartingAfter(key);
        return next > 0 && Compare(key, _intervals[next - 1].End) < 0;
    }

    private static int Compare(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceCompareTo(y.Span);

    private void AddInterval(ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> end)
    {
        var last = FirstStartingAfter(end);
        var first = FirstStartingAfter(start);
        if (first > 0 && Compare(start, _intervals[first - 1].End) <= 0)
        {
            first--;
        }

        if (first < last)
        {
            start = Compare(_intervals[first].Start, start) < 0 ? _intervals[first].Start : start;
            end = Compare(_intervals[last - 1].End, end) > 0 ? _intervals[last - 1].End : end;
            _intervals.RemoveRange(first, last - first);
        }

        _intervals.Insert(first, (start, end));
    }

    private int FirstStartingAfter(ReadOnlyMemory<byte> key)
    {
        int low = 0, high = _intervals.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Compare(_intervals[middle].Start, key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
