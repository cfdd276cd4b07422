namespace Krewe.Grains.Keyspace.Reads;

/// <summary>
/// Revisions that running reads need. Compaction takes effect logically at once, but rows are removed only when no read below it is
/// left. A pin lives no longer than one call, so their number is bounded by the number of threads.
/// </summary>
internal sealed class RevisionPins
{
    private readonly Lock _gate = new();
    private readonly List<long> _pinned = [];
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isRetired;

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

    /// <summary>
    /// Pin first, check the compaction revision then: the order makes the check final. False if the view is being replaced: use the one
    /// that takes its place.
    /// </summary>
    public bool TryPin(long revision)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            _pinned.Add(revision);
            return true;
        }
    }

    public void Unpin(long revision)
    {
        lock (_gate)
        {
            int at = _pinned.LastIndexOf(revision);
            _pinned[at] = _pinned[^1];
            _pinned.RemoveAt(_pinned.Count - 1);
            CompleteIfReleased();
        }
    }

    /// <summary>Lets no new reads in; completes when the last one has left.</summary>
    public Task Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            CompleteIfReleased();
        }

        return _released.Task;
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

    private void CompleteIfReleased()
    {
        if (_isRetired && _pinned.Count == 0)
        {
            _released.TrySetResult();
        }
    }
}
