using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Keyspace.Tests.Leases;

public sealed class LeaseRenewerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(7);
    private readonly FakeTimeProvider _time = new();
    private readonly LeaseClocks _clocks;
    private readonly BarrierLog _log = new();
    private readonly LeaseRenewer _renewer;

    public LeaseRenewerTests()
    {
        _clocks = new LeaseClocks(_time);
        _clocks.Promote([], extendMilliseconds: 0);
        _renewer = new LeaseRenewer(_clocks, _log, new RequestTimeout(Timeout, _time));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task B170_a_living_lease_is_renewed_at_once()
    {
        _clocks.Add(1, ttlSeconds: 10);
        _time.Advance(TimeSpan.FromSeconds(9));
        ValueTask<long> renewal = _renewer.RenewAsync(1);
        Assert.True(renewal.IsCompleted);
        Assert.Equal(10, await renewal);
        Assert.Equal(9, _clocks.RemainingSeconds(1));
    }

    [Fact]
    public async Task B171_an_unknown_lease_has_no_time() => Assert.Equal(0, await _renewer.RenewAsync(404));

    [Fact]
    public async Task B172_the_renewal_of_a_lease_past_its_time_waits_until_it_is_revoked()
    {
        _clocks.Add(1, ttlSeconds: 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        Task<long> beforeTheRevoke = _renewer.RenewAsync(1).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(LeaseWheel.TickMilliseconds));
        Assert.Equal([1], _clocks.TakeExpired(max: 10));
        Task<long> duringTheRevoke = _renewer.RenewAsync(1).AsTask();
        Assert.False(beforeTheRevoke.IsCompleted);
        Assert.False(duringTheRevoke.IsCompleted);

        _clocks.Remove(1);
        _renewer.Ended(1);
        Assert.Equal(0, await beforeTheRevoke.WaitAsync(Cancellation));
        Assert.Equal(0, await duringTheRevoke.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task B172_a_revoke_that_does_not_end_fails_the_renewal_in_time()
    {
        Task<long> renewal = ExpiringRenewal();
        _time.Advance(Timeout);
        Assert.Equal(EtcdError.Timeout, (await Assert.ThrowsAsync<EtcdException>(() => renewal.WaitAsync(Cancellation))).Error);
    }

    [Fact]
    public async Task B172_the_end_of_another_lease_says_nothing()
    {
        Task<long> renewal = ExpiringRenewal();
        _renewer.Ended(2);
        Assert.False(renewal.IsCompleted);
        _clocks.Remove(1);
        _renewer.Ended(1);
        Assert.Equal(0, await renewal.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Who_does_not_lead_does_not_call_a_lease_dead()
    {
        Task<long> waiting = ExpiringRenewal();
        _clocks.Demote();
        _renewer.Ended(1);
        await Assert.ThrowsAsync<NotOwnerException>(() => waiting.WaitAsync(Cancellation));
        await Assert.ThrowsAsync<NotOwnerException>(async () => await _renewer.RenewAsync(1));
    }

    /// <summary>
    /// Found by simulation: a leader that was replaced and did not know renewed a lease that the new leader let run out (behaviour 164).
    /// </summary>
    [Fact]
    public async Task B164_a_renewal_is_answered_once_leadership_is_confirmed()
    {
        _clocks.Add(1, ttlSeconds: 10);
        _log.Barrier = new TaskCompletionSource();
        Task<long> renewal = _renewer.RenewAsync(1).AsTask();
        Assert.False(renewal.IsCompleted);
        _log.Barrier.SetResult();
        Assert.Equal(10, await renewal.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task B164_a_member_that_was_replaced_answers_no_renewal()
    {
        _clocks.Add(1, ttlSeconds: 10);
        foreach (long id in new[] { 1, 404 })
        {
            _log.Barrier = new TaskCompletionSource();
            Task<long> renewal = _renewer.RenewAsync(id).AsTask();
            _log.Term++;
            _log.Barrier.SetResult();
            await Assert.ThrowsAsync<NotOwnerException>(() => renewal.WaitAsync(Cancellation));
        }
    }

    private Task<long> ExpiringRenewal()
    {
        _clocks.Add(1, ttlSeconds: 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        Task<long> renewal = _renewer.RenewAsync(1).AsTask();
        Assert.False(renewal.IsCompleted);
        return renewal;
    }
}
