using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>
/// Readys with storage work, from the core to the log writer. Bounded by the core's limits on uncommitted bytes and on Readys that
/// are not durable.
/// </summary>
internal sealed class StorageWorkQueue
{
    private readonly object _gate = new();
    private List<Ready> _queued = [];
    private bool _isDue;
    private bool _isClosed;

    /// <summary>Whether nothing is queued that must be written now.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return !_isDue;
            }
        }
    }

    /// <summary>Queues work. A commit index alone is advisory (Raft paper, figure 2): it rides along with the next write.</summary>
    public void Add(Ready ready)
    {
        lock (_gate)
        {
            _queued.Add(ready);
            if (ready.MustSync || ready.MessagesAfterDurable.Length > 0)
            {
                _isDue = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Waits for work and takes all of it into <paramref name="work"/>, which must be empty. False when closed and drained.</summary>
    public bool TakeAll(ref List<Ready> work)
    {
        lock (_gate)
        {
            while (!_isDue && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            if (_queued.Count == 0)
            {
                return false;
            }

            _isDue = false;
            (work, _queued) = (_queued, work);
            return true;
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
