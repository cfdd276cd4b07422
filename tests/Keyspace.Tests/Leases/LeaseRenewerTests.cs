using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Keyspace.Tests.Leases;

public sealed class LeaseRenewerTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(7);
    private readonly FakeTimeProvider _time = new();
    private readonly LeaseClocks _clocks;
    private readonly BarrierLog _log = new();
    private readonly KeyspaceHarness _keyspace = new();
    private readonly LeaseCheckpointer _checkpointer;
    private readonly LeaseRenewer _renewer;

    public LeaseRenewerTests()
    {
        _clocks = new LeaseClocks(_time, LeaseLimits.CheckpointInterval);
        _clocks.Promote([], extendMilliseconds: 0);
        var timeout = new RequestTimeout(Timeout, _time);
        var appender = new TailAppender(_keyspace.Tail, _log, _keyspace.TailOwners, timeout);
        _checkpointer = new LeaseCheckpointer(_clocks, appender, _log, _time, NullLogger<LeaseCheckpointer>.Instance);
        _renewer = new LeaseRenewer(_clocks, _checkpointer, _log, timeout);
    }

    public void Dispose() => _keyspace.Dispose();

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

    [Fact]
    public async Task B179_a_renewal_is_answered_once_the_remaining_time_is_forgotten()
    {
        await CheckpointAsync();
        Task<long> renewal = _renewer.RenewAsync(1).AsTask();
        Assert.Equal(2, _log.Appended.Count);
        Assert.False(renewal.IsCompleted);
        Task<long> another = _renewer.RenewAsync(1).AsTask();
        Assert.Equal(3, _log.Appended.Count);
        Apply(1);
        Assert.Equal(600, await renewal.WaitAsync(Cancellation));
        Assert.Equal(0, Remaining(1));
        Apply(2);
        Assert.Equal(600, await another.WaitAsync(Cancellation));

        // There is nothing more to forget.
        Assert.Equal(600, await _renewer.RenewAsync(1));
        Assert.Equal(3, _log.Appended.Count);
    }

    [Fact]
    public async Task B179_a_renewal_whose_forgetting_is_lost_is_not_answered()
    {
        await CheckpointAsync();
        Task<long> renewal = _renewer.RenewAsync(1).AsTask();
        _log.Appended[1].Outcome.SetResult(new EntryOutcome(EntryStatus.Lost));
        await Assert.ThrowsAsync<NotOwnerException>(() => renewal.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task B179_the_time_of_a_lease_is_not_replicated_for_another_one_with_its_id_that_is_on_its_way()
    {
        _keyspace.Append(batch => batch.GrantLease(1, 600));
        _keyspace.Append(batch => batch.GrantLease(2, 600));
        _keyspace.ApplyAll();
        _clocks.Add(1, ttlSeconds: 600);
        _clocks.Add(2, ttlSeconds: 600);
        _time.Advance(LeaseLimits.CheckpointInterval);
        _keyspace.Append(batch => batch.RevokeLease(1, out _));
        _keyspace.Append(batch => batch.GrantLease(1, 600));
        Task pass = _checkpointer.PassAsync();
        Apply(0);
        await pass.WaitAsync(Cancellation);
        Assert.Equal(0, Remaining(1));
        Assert.Equal(300, Remaining(2));
    }

    /// <summary>A lease of 600 s that the log says has 300 s left.</summary>
    private async Task CheckpointAsync()
    {
        _keyspace.Append(batch => batch.GrantLease(1, 600));
        _keyspace.ApplyAll();
        _clocks.Add(1, ttlSeconds: 600);
        _time.Advance(LeaseLimits.CheckpointInterval);
        Task pass = _checkpointer.PassAsync();
        Apply(0);
        await pass.WaitAsync(Cancellation);
        Assert.Equal(300, Remaining(1));
    }

    private void Apply(int appended)
    {
        _keyspace.AppendPayload(_log.Appended[appended].Payload);
        _keyspace.ApplyAll();
        _log.Appended[appended].Outcome.SetResult(new EntryOutcome(EntryStatus.Applied));
    }

    private long Remaining(long id)
    {
        Assert.True(_keyspace.State.Leases.TryGet(id, out LeaseInfo lease));
        return lease.RemainingSeconds;
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
