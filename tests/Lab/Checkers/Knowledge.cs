using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>Since when clients know of a revision.</summary>
internal sealed class Knowledge
{
    private readonly long[] _revisions;
    private readonly long[] _earliestReturns;

    public Knowledge(IEnumerable<Operation> history)
    {
        var answers = history.Where(o => o.Acknowledged).OrderBy(o => o.Revision).ToArray();
        _revisions = Array.ConvertAll(answers, o => o.Revision);
        _earliestReturns = Array.ConvertAll(answers, o => o.ReturnedAt);
        for (var i = answers.Length - 2; i >= 0; i--)
        {
            _earliestReturns[i] = Math.Min(_earliestReturns[i], _earliestReturns[i + 1]);
        }
    }

    /// <summary>When the first answer with this revision or a later one came; the end of time if none did.</summary>
    public long OfRevisionSince(long revision)
    {
        var (low, high) = (0, _revisions.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _revisions[middle] < revision ? (middle + 1, high) : (low, middle);
        }

        return low == _revisions.Length ? long.MaxValue : _earliestReturns[low];
    }
}
