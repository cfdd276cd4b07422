using Krewe.Grains.Maintenance;
using Microsoft.Extensions.Time.Testing;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Maintenance;

public sealed class CompactionDriverTests : IDisposable
{
    private const int BatchLimitRows = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly KeyspaceHarness _keyspace = new();
    private CompactionDriver _driver;
    private int _wakes;

    public CompactionDriverTests() => _driver = NewDriver();

    public void Dispose()
    {
        _driver.Dispose();
        _keyspace.Dispose();
    }

    [Fact]
    public void Without_a_compaction_the_apply_thread_is_left_alone()
    {
        _driver.Wake();
        _driver.Step();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _wakes);
    }

    [Fact]
    public async Task B100_who_waits_learns_it_when_the_data_is_gone_after_steps_with_pauses()
    {
        Task finished = CompactLastOf(writes: 25);
        Assert.Equal(1, Drive());
        Assert.False(finished.IsCompleted);
        Assert.Equal(2, 1 + DriveAfter(Pause));
        Assert.False(finished.IsCompleted);
        Assert.Equal(1, DriveAfter(Pause));
        await finished.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(_keyspace.State.CompactRevision, _keyspace.State.FinishedCompactRevision);
        Assert.Equal(0, DriveAfter(Pause));
    }

    [Fact]
    public void No_step_is_taken_before_the_pause_is_over()
    {
        _ = CompactLastOf(writes: 25);
        Assert.Equal(1, Drive());
        Assert.Equal(0, DriveAfter(Pause - TimeSpan.FromTicks(1)));
        Assert.Equal(1, DriveAfter(TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void A_wait_for_what_is_gone_already_is_over_at_once()
    {
        _ = CompactLastOf(writes: 3);
        Drive();
        Assert.True(_driver.WaitFinishedAsync(_keyspace.State.CompactRevision).IsCompletedSuccessfully);
        Assert.False(_driver.WaitFinishedAsync(_keyspace.State.CompactRevision + 1).IsCompleted);
    }

    [Fact]
    public async Task B104_a_compaction_that_a_restart_interrupted_goes_on()
    {
        _ = CompactLastOf(writes: 25);
        Drive();
        _driver.Dispose();
        _keyspace.Start();
        Assert.True(_keyspace.State.FinishedCompactRevision < _keyspace.State.CompactRevision);

        _driver = NewDriver();
        Task finished = _driver.WaitFinishedAsync(_keyspace.State.CompactRevision);
        _driver.Wake();
        DriveToTheEnd();
        await finished.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task When_the_store_takes_no_step_it_is_tried_again_after_a_second()
    {
        Task finished = CompactLastOf(writes: 3);
        _keyspace.Store.FailNextWrites(1);
        Assert.Equal(1, Drive());
        Assert.Equal(0, DriveAfter(TimeSpan.FromMilliseconds(999)));
        Assert.False(finished.IsCompleted);
        Assert.Equal(1, DriveAfter(TimeSpan.FromMilliseconds(1)));
        await finished.WaitAsync(TestContext.Current.CancellationToken);
    }

    private CompactionDriver NewDriver() => new(_keyspace.State, BatchLimitRows, Pause, () => _wakes++, _time);

    private Task CompactLastOf(int writes)
    {
        for (int i = 0; i < writes; i++)
        {
            _keyspace.Do(Put("k"));
        }

        _keyspace.Compact(_keyspace.State.Revision);
        Task finished = _driver.WaitFinishedAsync(_keyspace.State.Revision);
        _driver.Wake();
        return finished;
    }

    /// <summary>Does what the apply thread does when it is woken; answers how often it was.</summary>
    private int Drive()
    {
        int wakes = _wakes;
        _wakes = 0;
        _driver.Step();
        return wakes;
    }

    private int DriveAfter(TimeSpan time)
    {
        _time.Advance(time);
        return Drive();
    }

    private void DriveToTheEnd()
    {
        for (int steps = Drive(); steps > 0; steps = DriveAfter(Pause))
        {
        }
    }
}
