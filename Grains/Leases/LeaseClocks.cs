namespace Krewe.Grains.Leases;

/// <summary>
/// The leader's clocks of all leases. Renewals live here only, not in the log (behaviour 177); a new leader gives every lease its full
/// time again, plus the election timeout, so a lease can live longer but never shorter (behaviour 178).
/// </summary>
public sealed class LeaseClocks(TimeProvider time)
{
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

    /// <summary>Starts all clocks anew. Expiries beyond the revoke rate are spread (behaviour 180).</summary>
    /// <param name="leases">ID and granted TTL in seconds of every lease.</param>
    /// <param name="extendMilliseconds">Added to every deadline: the election timeout.</param>
    public void Promote(IEnumerable<(long Id, long TtlSeconds)> leases, int extendMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(leases);
        lock (_gate)
        {
            var now = NowMilliseconds;
            _clocks = [];
            _due.Clear();
            _wheel = new LeaseWheel(now);
            _isLeading = true;
            var inOrder = leases.Select(l => new LeaseClock(l.Id, l.TtlSeconds, Deadline(now + extendMilliseconds, l.TtlSeconds)))
                .OrderBy(c => c.DeadlineMilliseconds)
                .ToList();
            SpreadPileUp(inOrder);
            foreach (var clock in inOrder)
            {
                _clocks.Add(clock.Id, clock);
                _wheel.Add(clock);
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
        }
    }

    /// <summary>Starts the clock of a lease that was granted.</summary>
    public void Add(long id, long ttlSeconds)
    {
        lock (_gate)
        {
            if (_isLeading && !_clocks.ContainsKey(id))
            {
                var clock = new LeaseClock(id, ttlSeconds, Deadline(NowMilliseconds, ttlSeconds));
                _clocks.Add(id, clock);
                _wheel.Add(clock);
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
            return LeaseRenewal.Renewed;
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
