using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>Committed entries, from the core to the applier. Bounded by the core's limit on bytes that are being applied.</summary>
internal sealed class CommittedQueue
{
    private readonly object _gate = new();
    private List<Entry> _queued = [];
    private SnapshotMetadata? _snapshot;
    private bool _isWoken;
    private bool _isClosed;

    /// <summary>Whether there is anything to take.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return _queued.Count > 0 || _snapshot is not null;
            }
        }
    }

    /// <summary>Whether a snapshot waits to be installed.</summary>
    public bool HasSnapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot is not null;
            }
        }
    }

    /// <summary>Adds entries; without <paramref name="wake"/> the caller sees to it that somebody takes them.</summary>
    public void Add(ReadOnlySpan<Entry> entries, bool wake)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            _queued.AddRange(entries);
            if (wake)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Adds a snapshot, which covers all entries that wait.</summary>
    public void Add(SnapshotMetadata snapshot)
    {
        lock (_gate)
        {
            _queued.Clear();
            _snapshot = snapshot;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Takes the snapshot if there is one, else all entries into the list, which must be empty, without waiting. False if there is neither.
    /// </summary>
    public bool TryTakeAll(ref List<Entry> entries, out SnapshotMetadata? snapshot)
    {
        lock (_gate)
        {
            snapshot = _snapshot;
            _snapshot = null;
            if (snapshot is not null)
            {
                return true;
            }

            (entries, _queued) = (_queued, entries);
            return entries.Count > 0;
        }
    }

    /// <summary>Makes the applier's thread look for entries, and at leadership.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for entries or a wake-up. False when closed.</summary>
    public bool Wait()
    {
        lock (_gate)
        {
            while (_queued.Count == 0 && _snapshot is null && !_isWoken && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            _isWoken = false;
            return !_isClosed;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }
}
