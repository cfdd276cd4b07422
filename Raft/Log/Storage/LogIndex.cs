namespace Krewe.Raft.Log.Storage;

/// <summary>Which entries the log holds, and where. Not thread-safe: the log guards it.</summary>
internal sealed class LogIndex
{
    private readonly List<Segment> _segments = [];
    private readonly TermRuns _terms = new();

    internal LogIndex() => _terms.Reset(0, 0);

    internal IReadOnlyList<Segment> Segments => _segments;

    internal Segment Active => _segments[^1];

    internal ulong FirstIndex { get; private set; } = 1;

    internal ulong LastIndex { get; private set; }

    /// <summary>The term of an entry between the one before <see cref="FirstIndex"/> and <see cref="LastIndex"/>.</summary>
    internal ulong TermOf(ulong index) => _terms.TermOf(index);

    internal bool HasTerm(ulong index) => index + 1 >= FirstIndex && index <= LastIndex;

    /// <summary>Adds the newest segment.</summary>
    internal void Add(Segment segment) => _segments.Add(segment);

    /// <summary>Adds an entry of the active segment.</summary>
    internal void Add(ulong index, ulong term, uint offset)
    {
        Active.Add(index, offset);
        _terms.Add(index, term);
        LastIndex = index;
    }

    /// <summary>Forgets the entries behind <paramref name="lastIndex"/>, which is not before <see cref="FirstIndex"/> - 1.</summary>
    internal void TruncateTo(ulong lastIndex)
    {
        for (var i = _segments.Count - 1; i >= 0 && (_segments[i].Count == 0 || _segments[i].LastIndex > lastIndex); i--)
        {
            _segments[i].TruncateTo(lastIndex);
        }

        _terms.TruncateTo(lastIndex);
        LastIndex = lastIndex;
    }

    /// <summary>Forgets all entries; the log goes on behind <paramref name="index"/>.</summary>
    internal void Reset(ulong index, ulong term)
    {
        foreach (var segment in _segments)
        {
            segment.Clear();
        }

        _terms.Reset(index, term);
        FirstIndex = index + 1;
        LastIndex = index;
    }

    /// <summary>Whether the oldest segment holds nothing at or behind <paramref name="index"/> and is not the active one.</summary>
    internal bool OldestIsBelow(ulong index) =>
        _segments.Count > 1 && (_segments[0].Count == 0 || _segments[0].LastIndex < index);

    /// <summary>Forgets the oldest segment and its entries.</summary>
    internal void RemoveOldest()
    {
        var oldest = _segments[0];
        _segments.RemoveAt(0);
        if (oldest.Count > 0)
        {
            FirstIndex = oldest.LastIndex + 1;
            _terms.ReleaseTo(FirstIndex - 1);
        }
    }

    /// <summary>The segment that holds a live entry.</summary>
    internal Segment SegmentOf(ulong index)
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            if (_segments[i].Holds(index))
            {
                return _segments[i];
            }
        }

        throw new InvalidOperationException($"no segment holds entry {index}");
    }
}
