namespace Krewe.Grains.Keyspace.Reads;

/// <summary>
/// Revisions that running reads need. Compaction takes effect logically at once, but rows are removed only when no read below it is
/// left. A pin lives no longer than one call, so their number is bounded by the number of threads.
/// </summary>
internal sealed class RevisionPins
{
    private readonly Lock _gate = new();
    private readonly List<long> _pinned = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _pinned.Count;
            }
        }
    }

    /// <summary>Pin first, check the compaction revision then: the order makes the check final.</summary>
    public void Pin(long revision)
    {
        lock (_gate)
        {
            _pinned.Add(revision);
        }
    }

    public void Unpin(long revision)
    {
        lock (_gate)
        {
            int at = _pinned.LastIndexOf(revision);
            _pinned[at] = _pinned[^1];
            _pinned.RemoveAt(_pinned.Count - 1);
        }
    }

    public bool AnyBelow(long revision)
    {
        lock (_gate)
        {
            foreach (long pinned in _pinned)
            {
                if (pinned < revision)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
