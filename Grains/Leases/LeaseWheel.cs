namespace Krewe.Grains.Leases;

/// <summary>
/// A hashed timer wheel of lease clocks. A renewal only moves a clock's deadline; the clock stays where it is and is put into its new
/// slot when its old one comes round, so that a keepalive costs no wheel operation at all.
/// </summary>
internal sealed class LeaseWheel
{
    /// <summary>Granularity of expiry.</summary>
    public const int TickMilliseconds = 100;

    private const int Slots = 4096;

    private readonly List<LeaseClock>[] _slots = new List<LeaseClock>[Slots];
    private List<LeaseClock> _spare = [];
    private long _tick;

    /// <param name="nowMilliseconds">Where the wheel starts.</param>
    public LeaseWheel(long nowMilliseconds)
    {
        _tick = nowMilliseconds / TickMilliseconds;
        for (var i = 0; i < Slots; i++)
        {
            _slots[i] = [];
        }
    }

    public void Add(LeaseClock clock)
    {
        // Rounded up: a lease never expires early (behaviour 164).
        var tick = Math.Max((clock.DeadlineMilliseconds + TickMilliseconds - 1) / TickMilliseconds, _tick + 1);
        _slots[tick % Slots].Add(clock);
    }

    /// <summary>Turns the wheel up to now and moves the clocks that ran out into <paramref name="expired"/>.</summary>
    public void Advance(long nowMilliseconds, List<LeaseClock> expired)
    {
        var target = nowMilliseconds / TickMilliseconds;
        // After a long pause every slot is visited once, not once a round.
        _tick = Math.Max(_tick, target - Slots);
        while (_tick < target)
        {
            _tick++;
            Visit(nowMilliseconds, expired);
        }
    }

    private void Visit(long nowMilliseconds, List<LeaseClock> expired)
    {
        var index = _tick % Slots;
        var due = _slots[index];
        if (due.Count == 0)
        {
            return;
        }

        _slots[index] = _spare;
        foreach (var clock in due)
        {
            if (clock.IsRemoved)
            {
                continue;
            }

            if (clock.DeadlineMilliseconds <= nowMilliseconds)
            {
                expired.Add(clock);
            }
            else
            {
                Add(clock);
            }
        }

        due.Clear();
        _spare = due;
    }
}
