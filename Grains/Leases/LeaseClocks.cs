using Krewe.Grains.Keyspace.Leases;

namespace Krewe.Grains.Leases;

/// <summary>
/// The leader's clocks of all leases. Renewals live here only, not in the log (behaviour 177); a new leader gives every lease its full
/// time again, plus the election timeout, so a lease can live longer but never shorter (behaviour 178), or what a checkpoint left it (179).
/// </summary>
/// <param name="time">The monotonic clock.</param>
/// <param name="checkpointInterval">How often remaining times are due to be replicated; null: never, and they are not believed either.</param>
public sealed class LeaseClocks(TimeProvider time, TimeSpan? checkpointInterval = null)
{
    private readonly long _checkpointMilliseconds = (long)(checkpointInterval?.TotalMilliseconds ?? long.MaxValue);
    private readonly PriorityQueue<LeaseClock, long> _checkpoints = new();
    private long _lastCheckpoint;

    private readonly Lock _gate = new();
    private Dictionary<long, LeaseClock> _clocks = [];
    private LeaseWheel _wheel = new(0);
    private readonly Queue<LeaseClock> _due = new();
    private readonly List<LeaseClock> _expiredScratch = [];
    private bool _isLeading;

    private long NowMilliseconds => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Whether this member keeps the clocks.</summary>
    public bool IsLeading
    {
        get
        {
            lock (_gate)
            {
                return _isLeading;
            }
        }
    }

    /// <summary>Whether remaining times are replicated.</summary>
    public bool TakesCheckpoints => checkpointInterval is not null;

    /// <summary>Starts all clocks anew. Expiries beyond the revoke rate are spread (behaviour 180).</summary>
    /// <param name="leases">Every lease, as the replicated state knows it.</param>
    /// <param name="extendMilliseconds">Added to every deadline: the election timeout.</param>
    public void Promote(IEnumerable<LeaseInfo> leases, int extendMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(leases);
        lock (_gate)
        {
            var now = NowMilliseconds;
            _clocks = [];
            _due.Clear();
            _checkpoints.Clear();
            _wheel = new LeaseWheel(now);
            _isLeading = true;
            var inOrder = leases.Select(l => StartAnew(l, now + extendMilliseconds))
                .OrderBy(c => c.DeadlineMilliseconds)
                .ToList();
            SpreadPileUp(inOrder);
            foreach (var clock in inOrder)
            {
                _clocks.Add(clock.Id, clock);
                _wheel.Add(clock);
                ScheduleCheckpoint(clock, now);
            }
        }
    }

    /// <summary>Stops all clocks: another member leads.</summary>
    public void Demote()
    {
        lock (_gate)
        {
            _isLeading = false;
            _clocks = [];
            _due.Clear();
            _checkpoints.Clear();
        }
    }

    /// <summary>Starts the clock of a lease that was granted.</summary>
    public void Add(long id, long ttlSeconds)
    {
        lock (_gate)
        {
            if (_isLeading && !_clocks.ContainsKey(id))
            {
                var now = NowMilliseconds;
                var clock = new LeaseClock(id, ttlSeconds, Deadline(now, ttlSeconds));
                _clocks.Add(id, clock);
                _wheel.Add(clock);
                ScheduleCheckpoint(clock, now);
            }
        }
    }

    /// <summary>Forgets the clock of a lease that was revoked.</summary>
    public void Remove(long id)
    {
        lock (_gate)
        {
            if (_clocks.Remove(id, out var clock))
            {
                clock.IsRemoved = true;
            }
        }
    }

    /// <summary>Renews a lease for its full TTL.</summary>
    public LeaseRenewal Renew(long id, out long ttlSeconds)
    {
        lock (_gate)
        {
            ttlSeconds = 0;
            if (!_isLeading)
            {
                return LeaseRenewal.NotLeading;
            }

            if (!_clocks.TryGetValue(id, out var clock))
            {
                return LeaseRenewal.NotFound;
            }

            var now = NowMilliseconds;
            if (clock.IsExpiring || clock.DeadlineMilliseconds <= now)
            {
                return LeaseRenewal.Expiring;
            }

            clock.DeadlineMilliseconds = Deadline(now, clock.TtlSeconds);
            ttlSeconds = clock.TtlSeconds;
            ScheduleCheckpoint(clock, now);
            return clock.Checkpoint == 0 ? LeaseRenewal.Renewed : LeaseRenewal.RenewedOverCheckpoint;
        }
    }

    /// <summary>
    /// Whole seconds left, rounded down, at least 0; null for an unknown lease (behaviours 181, 182). A fresh lease has lived for a part
    /// of a millisecond, which the clock doesn't show: it is counted as one.
    /// </summary>
    public long? RemainingSeconds(long id)
    {
        lock (_gate)
        {
            return _clocks.TryGetValue(id, out var clock)
                ? Math.Max(0, (clock.DeadlineMilliseconds - NowMilliseconds - 1) / 1000)
                : null;
        }
    }

    /// <summary>All leases, the one that runs out first in front (behaviour 184).</summary>
    public IReadOnlyList<long> ByExpiry()
    {
        lock (_gate)
        {
            return [.. _clocks.Values.OrderBy(c => c.DeadlineMilliseconds).Select(c => c.Id)];
        }
    }

    /// <summary>Takes up to <paramref name="max"/> leases that ran out; each is handed out once, until <see cref="ReturnExpired"/>.</summary>
    public IReadOnlyList<long> TakeExpired(int max)
    {
        lock (_gate)
        {
            if (!_isLeading)
            {
                return [];
            }

            _expiredScratch.Clear();
            _wheel.Advance(NowMilliseconds, _expiredScratch);
            foreach (var clock in _expiredScratch)
            {
                _due.Enqueue(clock);
            }

            return TakeDue(max);
        }
    }

    /// <summary>
    /// Hands a lease back whose revoke did not succeed. Nothing happens to one whose clock was started anew since it was taken: leadership
    /// was lost and won again meanwhile.
    /// </summary>
    public void ReturnExpired(long id)
    {
        lock (_gate)
        {
            if (_clocks.TryGetValue(id, out var clock) && clock.IsExpiring)
            {
                clock.IsExpiring = false;
                _due.Enqueue(clock);
            }
        }
    }

    /// <summary>Takes up to <paramref name="max"/> remaining times that are due to be replicated, in whole seconds, rounded up.</summary>
    public List<LeaseCheckpoint> TakeCheckpoints(int max)
    {
        lock (_gate)
        {
            var now = NowMilliseconds;
            var taken = new List<LeaseCheckpoint>();
            while (taken.Count < max && _checkpoints.TryPeek(out var clock, out var due) && due <= now)
            {
                _checkpoints.Dequeue();
                clock.IsCheckpointQueued = false;
                if (clock.IsRemoved || clock.IsExpiring || clock.DeadlineMilliseconds <= now)
                {
                    continue;
                }

                if (clock.CheckpointDueMilliseconds > now)
                {
                    // It was renewed since.
                    Enqueue(clock);
                    continue;
                }

                clock.Checkpoint = ++_lastCheckpoint;
                taken.Add(new LeaseCheckpoint(clock.Id, (clock.DeadlineMilliseconds - now + 999) / 1000));
                ScheduleCheckpoint(clock, now);
            }

            return taken;
        }
    }

    /// <summary>Number of the checkpoint that the log may hold of a lease; 0 for none.</summary>
    public long CheckpointOf(long id)
    {
        lock (_gate)
        {
            return _clocks.TryGetValue(id, out var clock) ? clock.Checkpoint : 0;
        }
    }

    /// <summary>The log does not hold that checkpoint any more; nothing happens if it holds a later one.</summary>
    public void CheckpointForgotten(long id, long checkpoint)
    {
        lock (_gate)
        {
            if (_clocks.TryGetValue(id, out var clock) && clock.Checkpoint == checkpoint)
            {
                clock.Checkpoint = 0;
            }
        }
    }

    private LeaseClock StartAnew(LeaseInfo lease, long fromMilliseconds)
    {
        var isCheckpointed = lease.RemainingSeconds > 0;
        var seconds = isCheckpointed && TakesCheckpoints ? Math.Min(lease.RemainingSeconds, lease.TtlSeconds) : lease.TtlSeconds;

        // Also where checkpoints are not believed, a renewal must have them forgotten: the next leader may believe them.
        return new LeaseClock(lease.Id, lease.TtlSeconds, Deadline(fromMilliseconds, seconds)) { Checkpoint = isCheckpointed ? ++_lastCheckpoint : 0 };
    }

    /// <summary>Leases that end within an interval anyway need no checkpoint. A renewal only moves the time, as it does in the wheel.</summary>
    private void ScheduleCheckpoint(LeaseClock clock, long now)
    {
        if (!TakesCheckpoints || clock.DeadlineMilliseconds - now <= _checkpointMilliseconds)
        {
            return;
        }

        clock.CheckpointDueMilliseconds = now + _checkpointMilliseconds;
        if (!clock.IsCheckpointQueued)
        {
            Enqueue(clock);
        }
    }

    private void Enqueue(LeaseClock clock)
    {
        clock.IsCheckpointQueued = true;
        _checkpoints.Enqueue(clock, clock.CheckpointDueMilliseconds);
    }

    private List<long> TakeDue(int max)
    {
        var taken = new List<long>();
        while (taken.Count < max && _due.TryDequeue(out var clock))
        {
            if (!clock.IsRemoved)
            {
                clock.IsExpiring = true;
                taken.Add(clock.Id);
            }
        }

        return taken;
    }

    private static long Deadline(long fromMilliseconds, long ttlSeconds) => fromMilliseconds + (ttlSeconds * 1000);

    private static void SpreadPileUp(List<LeaseClock> inOrder)
    {
        const int PerSecond = LeaseLimits.MaxRevokesPerPass * 1000 / LeaseLimits.ExpiryPassMilliseconds;
        var inSecond = 0;
        var second = long.MinValue;
        foreach (var clock in inOrder)
        {
            var natural = clock.DeadlineMilliseconds / 1000;
            if (natural > second)
            {
                second = natural;
                inSecond = 0;
            }
            else if (natural < second)
            {
                clock.DeadlineMilliseconds = (second * 1000) + 999;
            }

            if (++inSecond == PerSecond)
            {
                second++;
                inSecond = 0;
            }
        }
    }
}
