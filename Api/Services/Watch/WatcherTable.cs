namespace Krewe.Api.Services.Watch;

/// <summary>
/// The watchers of one stream. A watcher waits here until its created batch is sent: an id may be used anew while batches of its
/// former watcher are still queued.
/// </summary>
internal sealed class WatcherTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, WatcherState> _active = [];
    private readonly Dictionary<long, Queue<WatcherState>> _created = [];

    public void Add(long watchId, WatcherState state)
    {
        lock (_lock)
        {
            if (!_created.TryGetValue(watchId, out var queue))
            {
                _created[watchId] = queue = new Queue<WatcherState>(1);
            }

            queue.Enqueue(state);
        }
    }

    /// <summary>Takes back an <see cref="Add"/> whose watcher could not be made.</summary>
    public void Withdraw(long watchId) => Take(watchId);

    public void Activate(long watchId)
    {
        lock (_lock)
        {
            if (Take(watchId) is { } state)
            {
                _active[watchId] = state;
            }
        }
    }

    public void Remove(long watchId)
    {
        lock (_lock)
        {
            _active.Remove(watchId);
        }
    }

    public WatcherState? Find(long watchId)
    {
        lock (_lock)
        {
            return _active.GetValueOrDefault(watchId);
        }
    }

    /// <summary>Lists the watchers that a progress tick must ask about, and marks all idle until their next event.</summary>
    public void CollectIdle(List<long> idle)
    {
        lock (_lock)
        {
            foreach (var (id, state) in _active)
            {
                if (state.ProgressNotify && state.IsIdle)
                {
                    idle.Add(id);
                }

                state.IsIdle = true;
            }
        }
    }

    /// <summary>All watchers, those included whose created batch is still to be sent.</summary>
    public List<(long Id, WatcherState State)> All()
    {
        lock (_lock)
        {
            var all = new List<(long, WatcherState)>(_active.Count + _created.Count);
            foreach (var (id, state) in _active)
            {
                all.Add((id, state));
            }

            foreach (var (id, queue) in _created)
            {
                foreach (var state in queue)
                {
                    all.Add((id, state));
                }
            }

            return all;
        }
    }

    private WatcherState? Take(long watchId)
    {
        lock (_lock)
        {
            if (!_created.TryGetValue(watchId, out var queue))
            {
                return null;
            }

            var state = queue.Dequeue();
            if (queue.Count == 0)
            {
                _created.Remove(watchId);
            }

            return state;
        }
    }
}
