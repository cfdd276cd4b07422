using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>
/// Readys with storage work, from the core to the log writer, and the turn to write them: whoever has the turn is the only one that touches the
/// log. Bounded by the core's limits on uncommitted bytes and on Readys that are not durable.
/// </summary>
internal sealed class StorageWorkQueue
{
    private readonly object _gate = new();
    private List<Ready> _queued = [];
    private bool _isDue;
    private bool _isTurnTaken = true;
    private bool _isForThread = true;
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

    /// <summary>
    /// Queues work. A commit index alone is advisory (Raft paper, figure 2): it rides along with the next write. True if the turn was free: the
    /// caller now has it, and must see to it that the work is written.
    /// </summary>
    public bool Add(Ready ready)
    {
        lock (_gate)
        {
            _queued.Add(ready);
            _isDue |= ready.MustSync || ready.MessagesAfterDurable.Length > 0;
            return _isDue && TryTakeTurn();
        }
    }

    /// <summary>In one's turn: takes all work into <paramref name="work"/>, which must be empty. False, and the turn is over, if none is due.</summary>
    public bool TryTakeAll(ref List<Ready> work)
    {
        lock (_gate)
        {
            if (!_isDue)
            {
                _isTurnTaken = false;
                if (_isClosed)
                {
                    Monitor.Pulse(_gate);
                }

                return false;
            }

            _isDue = false;
            (work, _queued) = (_queued, work);
            return true;
        }
    }

    /// <summary>In one's turn: passes it to the thread that calls <see cref="WaitForTurn"/>.</summary>
    public void PassToThread()
    {
        lock (_gate)
        {
            _isForThread = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until the turn is passed on. False once closed; the turn is then the caller's for good, with what is left.</summary>
    public bool WaitForTurn()
    {
        lock (_gate)
        {
            while (!_isForThread)
            {
                if (_isClosed && TryTakeTurn())
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            _isForThread = false;
            return true;
        }
    }

    /// <summary>After closing: takes what is left, due or not. False if nothing is.</summary>
    public bool TryTakeRest(ref List<Ready> work)
    {
        lock (_gate)
        {
            (work, _queued) = (_queued, work);
            return work.Count > 0;
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

    private bool TryTakeTurn()
    {
        if (_isTurnTaken)
        {
            return false;
        }

        _isTurnTaken = true;
        return true;
    }
}
