using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>Committed entries, from the core to the applier. Bounded by the core's limit on bytes that are being applied.</summary>
internal sealed class CommittedQueue
{
    private readonly object _gate = new();
    private List<Entry> _queued = [];
    private bool _isWoken;
    private bool _isClosed;

    public void Add(ReadOnlySpan<Entry> entries)
    {
        lock (_gate)
        {
            _queued.AddRange(entries);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Makes the applier look at leadership though there is nothing to apply.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for entries or a wake-up and takes all entries into the list, which must be empty. False when closed.</summary>
    public bool TakeAll(ref List<Entry> entries)
    {
        lock (_gate)
        {
            while (_queued.Count == 0 && !_isWoken && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            _isWoken = false;
            (entries, _queued) = (_queued, entries);
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
