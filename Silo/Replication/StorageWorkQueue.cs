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
    private bool _isClosed;

    public void Add(Ready ready)
    {
        lock (_gate)
        {
            _queued.Add(ready);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work and takes all of it into <paramref name="work"/>, which must be empty. False when closed and drained.</summary>
    public bool TakeAll(ref List<Ready> work)
    {
        lock (_gate)
        {
            while (_queued.Count == 0)
            {
                if (_isClosed)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

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
