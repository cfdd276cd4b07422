using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Keyspace.Tests.Leases;

public sealed class LeaseClocksTests
{
    private const int All = int.MaxValue;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void B164_a_lease_never_expires_early_and_expires_soon_after_its_time()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 2);

        _time.Advance(TimeSpan.FromMilliseconds(1_999));
        Assert.Empty(clocks.TakeExpired(All));
        _time.Advance(TimeSpan.FromMilliseconds(1 + LeaseWheel.TickMilliseconds));
        Assert.Equal([1], clocks.TakeExpired(All));
        Assert.Empty(clocks.TakeExpired(All));
    }

    [Fact]
    public void B170_a_renewal_gives_the_full_time_again()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 10);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.Empty(clocks.TakeExpired(All));
            Assert.Equal(LeaseRenewal.Renewed, clocks.Renew(1, out var ttl));
            Assert.Equal(10, ttl);
        }

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal([1], clocks.TakeExpired(All));
    }

    [Fact]
    public void B171_an_unknown_lease_is_not_found() => Assert.Equal(LeaseRenewal.NotFound, Leading().Renew(7, out _));

    [Fact]
    public void B172_a_lease_past_its_time_can_not_be_renewed()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(LeaseRenewal.Expiring, clocks.Renew(1, out _));
    }

    [Fact]
    public void A_lease_whose_revoke_failed_is_handed_out_again()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 2);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([1], clocks.TakeExpired(All));
        clocks.ReturnExpired(1);
        Assert.Equal([1], clocks.TakeExpired(All));
    }

    /// <summary>Found by simulation: behaviour 178 gives a lease its full time when leadership comes back.</summary>
    [Fact]
    public void B178_a_lease_whose_clock_was_started_anew_is_not_handed_out_for_a_revoke_that_failed_before()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 2);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([1], clocks.TakeExpired(All));
        clocks.Demote();
        clocks.Promote([new LeaseInfo(1, 2, 0)], extendMilliseconds: 1000);
        clocks.ReturnExpired(1);
        Assert.Empty(clocks.TakeExpired(All));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([1], clocks.TakeExpired(All));
    }

    [Fact]
    public void B168_at_most_the_asked_number_expires_in_one_pass()
    {
        var clocks = Leading();
        for (var i = 1; i <= 1_200; i++)
        {
            clocks.Add(i, ttlSeconds: 2);
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(LeaseLimits.MaxRevokesPerPass, clocks.TakeExpired(LeaseLimits.MaxRevokesPerPass).Count);
        Assert.Equal(700, clocks.TakeExpired(All).Count);
    }

    [Fact]
    public void B178_a_new_leader_gives_every_lease_its_full_time_and_the_election_timeout()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 5);
        _time.Advance(TimeSpan.FromSeconds(4));
        clocks.Demote();
        Assert.Equal(LeaseRenewal.NotLeading, clocks.Renew(1, out _));
        Assert.Empty(clocks.TakeExpired(All));

        clocks.Promote([new LeaseInfo(1, 5, 0)], extendMilliseconds: 1_000);
        _time.Advance(TimeSpan.FromMilliseconds(5_999));
        Assert.Empty(clocks.TakeExpired(All));
        _time.Advance(TimeSpan.FromMilliseconds(101));
        Assert.Equal([1], clocks.TakeExpired(All));
    }

    [Fact]
    public void B180_promotion_spreads_expiries_over_the_revoke_rate_and_never_shortens_a_lease()
    {
        var clocks = new LeaseClocks(_time);
        clocks.Promote(Enumerable.Range(1, 3_500).Select(i => new LeaseInfo(i, 2, 0)), extendMilliseconds: 0);

        _time.Advance(TimeSpan.FromMilliseconds(1_999));
        Assert.Empty(clocks.TakeExpired(All));
        var expired = 0;
        for (var second = 0; second < 6; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var now = clocks.TakeExpired(All).Count;
            Assert.InRange(now, 0, 1_000);
            expired += now;
        }

        Assert.Equal(3_500, expired);
    }

    [Fact]
    public void B184_leases_are_listed_by_nearest_expiry()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 30);
        clocks.Add(2, ttlSeconds: 10);
        clocks.Add(3, ttlSeconds: 20);
        Assert.Equal([2, 3, 1], clocks.ByExpiry());
        clocks.Remove(3);
        Assert.Equal([2, 1], clocks.ByExpiry());
    }

    [Fact]
    public void B181_the_remaining_time_is_rounded_down()
    {
        var clocks = Leading();
        clocks.Add(1, ttlSeconds: 10);
        Assert.Equal(9, clocks.RemainingSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(9, clocks.RemainingSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(8, clocks.RemainingSeconds(1));
        Assert.Null(clocks.RemainingSeconds(2));
    }

    [Fact]
    public void The_largest_ttl_does_not_overflow()
    {
        var clocks = Leading();
        clocks.Add(1, LeaseLimits.MaxTtlSeconds);
        _time.Advance(TimeSpan.FromDays(3650));
        Assert.Empty(clocks.TakeExpired(All));
        Assert.Equal(LeaseRenewal.Renewed, clocks.Renew(1, out _));
    }

    [Theory]
    [InlineData(1_000, 2)]
    [InlineData(100, 1)]
    [InlineData(2_000, 3)]
    public void B161_the_minimum_is_one_and_a_half_election_timeouts(int electionTimeoutMilliseconds, long seconds) =>
        Assert.Equal(seconds, LeaseLimits.MinTtlSeconds(electionTimeoutMilliseconds));

    [Fact]
    public void The_wheel_agrees_with_a_sorted_list_for_random_leases()
    {
        var random = new Random(11);
        var clocks = Leading();
        var deadlines = new Dictionary<long, long>();
        var now = 0L;
        for (var step = 0; step < 20_000; step++)
        {
            var id = random.NextInt64(1, 200);
            if (!deadlines.ContainsKey(id))
            {
                var ttl = random.NextInt64(1, 600);
                clocks.Add(id, ttl);
                deadlines[id] = now + (ttl * 1000);
            }
            else if (random.Next(8) == 0)
            {
                clocks.Remove(id);
                deadlines.Remove(id);
            }

            var advance = random.Next(3) == 0 ? random.Next(100_000) : random.Next(50);
            now += advance;
            _time.Advance(TimeSpan.FromMilliseconds(advance));
            foreach (var expired in clocks.TakeExpired(All))
            {
                Assert.True(deadlines[expired] <= now, $"lease {expired} expired early at step {step}");
                clocks.Remove(expired);
                deadlines.Remove(expired);
            }

            Assert.DoesNotContain(deadlines.Values, d => d + (2 * LeaseWheel.TickMilliseconds) < now);
        }
    }

    [Fact]
    public void B179_only_leases_that_live_longer_than_the_interval_are_checkpointed_and_a_renewal_puts_it_off()
    {
        var clocks = new LeaseClocks(_time, LeaseLimits.CheckpointInterval);
        clocks.Promote([], extendMilliseconds: 0);
        clocks.Add(1, ttlSeconds: 300);
        clocks.Add(2, ttlSeconds: 900);
        clocks.Add(3, ttlSeconds: 900);
        _time.Advance(TimeSpan.FromSeconds(100.5));
        clocks.Renew(3, out _);
        _time.Advance(TimeSpan.FromSeconds(199));
        Assert.Empty(clocks.TakeCheckpoints(All));
        _time.Advance(TimeSpan.FromSeconds(1));

        // Rounded up, so that no lease gets shorter.
        Assert.Equal([new LeaseCheckpoint(2, 600)], clocks.TakeCheckpoints(All));
        Assert.Empty(clocks.TakeCheckpoints(All));
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal([new LeaseCheckpoint(3, 600)], clocks.TakeCheckpoints(All));
        Assert.Equal(LeaseRenewal.RenewedOverCheckpoint, clocks.Renew(3, out _));
    }

    [Fact]
    public void B179_a_lease_is_checkpointed_each_interval_until_its_last()
    {
        var clocks = new LeaseClocks(_time, LeaseLimits.CheckpointInterval);
        clocks.Promote([], extendMilliseconds: 0);
        clocks.Add(1, ttlSeconds: 1_000);
        List<long> remaining = [];
        for (var minute = 0; minute < 17; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            remaining.AddRange(clocks.TakeCheckpoints(All).Select(c => c.RemainingSeconds));
        }

        Assert.Equal([700, 400, 100], remaining);
    }

    [Fact]
    public void B179_a_pass_takes_no_more_than_it_is_asked_for()
    {
        var clocks = new LeaseClocks(_time, LeaseLimits.CheckpointInterval);
        clocks.Promote(Enumerable.Range(1, 2_500).Select(i => new LeaseInfo(i, 900, 0)), extendMilliseconds: 0);
        _time.Advance(LeaseLimits.CheckpointInterval);
        Assert.Equal(1_000, clocks.TakeCheckpoints(1_000).Count);
        Assert.Equal(1_000, clocks.TakeCheckpoints(1_000).Count);
        Assert.Equal(500, clocks.TakeCheckpoints(1_000).Count);
    }

    [Theory]
    [InlineData(true, 201)]
    [InlineData(false, 901)]
    public void B179_a_new_leader_goes_on_with_the_remaining_time_if_checkpoints_are_on(bool isOn, long seconds)
    {
        var clocks = new LeaseClocks(_time, isOn ? LeaseLimits.CheckpointInterval : null);
        clocks.Promote([new LeaseInfo(1, 900, 200)], extendMilliseconds: 1_000);
        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(clocks.TakeExpired(All));
        _time.Advance(TimeSpan.FromMilliseconds(1 + LeaseWheel.TickMilliseconds));
        Assert.Equal([1], clocks.TakeExpired(All));
    }

    /// <summary>The next leader may believe it, even if this one does not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void B179_what_an_earlier_leader_left_is_to_be_forgotten_at_the_first_renewal(bool isOn)
    {
        var clocks = new LeaseClocks(_time, isOn ? LeaseLimits.CheckpointInterval : null);
        clocks.Promote([new LeaseInfo(1, 900, 200), new LeaseInfo(2, 900, 0)], extendMilliseconds: 0);
        Assert.Equal(LeaseRenewal.RenewedOverCheckpoint, clocks.Renew(1, out var ttl));
        Assert.Equal(900, ttl);
        Assert.Equal(LeaseRenewal.Renewed, clocks.Renew(2, out _));
        clocks.CheckpointForgotten(1, clocks.CheckpointOf(1) + 1);
        Assert.Equal(LeaseRenewal.RenewedOverCheckpoint, clocks.Renew(1, out _));
        clocks.CheckpointForgotten(1, clocks.CheckpointOf(1));
        Assert.Equal(LeaseRenewal.Renewed, clocks.Renew(1, out _));
    }

    private LeaseClocks Leading()
    {
        var clocks = new LeaseClocks(_time);
        clocks.Promote([], extendMilliseconds: 0);
        return clocks;
    }
}
