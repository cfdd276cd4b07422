namespace Krewe.Raft.Log.Storage;

/// <summary>The terms of all entries of the log and of the one before the first, run by run.</summary>
internal sealed class TermRuns
{
    private readonly List<(ulong FirstIndex, ulong Term)> _runs = [];

    /// <summary>Starts anew with one entry only.</summary>
    internal void Reset(ulong index, ulong term)
    {
        _runs.Clear();
        _runs.Add((index, term));
    }

    /// <summary>Adds the entry behind the last.</summary>
    internal void Add(ulong index, ulong term)
    {
        if (_runs[^1].Term != term)
        {
            _runs.Add((index, term));
        }
    }

    /// <summary>Forgets the entries behind <paramref name="lastIndex"/>.</summary>
    internal void TruncateTo(ulong lastIndex)
    {
        while (_runs.Count > 1 && _runs[^1].FirstIndex > lastIndex)
        {
            _runs.RemoveAt(_runs.Count - 1);
        }
    }

    /// <summary>Forgets the entries before <paramref name="firstIndex"/>.</summary>
    internal void ReleaseTo(ulong firstIndex)
    {
        var kept = Find(firstIndex);
        _runs.RemoveRange(0, kept);
        _runs[0] = (Math.Max(firstIndex, _runs[0].FirstIndex), _runs[0].Term);
    }

    /// <summary>The term of an entry that is not before the first run.</summary>
    internal ulong TermOf(ulong index) => _runs[Find(index)].Term;

    private int Find(ulong index)
    {
        var i = _runs.Count - 1; // nearly always the answer
        if (_runs[i].FirstIndex <= index)
        {
            return i;
        }

        var low = 0;
        while (low < i)
        {
            var middle = (low + i + 1) / 2;
            if (_runs[middle].FirstIndex <= index)
            {
                low = middle;
            }
            else
            {
                i = middle - 1;
            }
        }

        return low;
    }
}
