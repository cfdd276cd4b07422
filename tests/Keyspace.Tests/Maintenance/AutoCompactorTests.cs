using Krewe.Grains.Maintenance;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Maintenance;

public sealed class AutoCompactorTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeyspaceHarness _keyspace = new();
    private readonly FakeLeadership _leadership = new();
    private readonly FakeMaintenanceGrain _grain;
    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;

    public AutoCompactorTests() => _grain = new FakeMaintenanceGrain(_keyspace);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Record.ExceptionAsync(() => _run);
        _stopping.Dispose();
        _keyspace.Dispose();
    }

    [Fact]
    public void B107_after_one_period_it_compacts_to_the_revision_of_one_period_ago_and_then_once_a_period()
    {
        WriteTimes(5);
        long atStart = _keyspace.State.Revision;
        Start(period: TimeSpan.FromMinutes(10));
        WriteEach(TimeSpan.FromMinutes(1), times: 9);
        Assert.Empty(_grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(1), times: 1);
        Assert.Equal([atStart], _grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(1), times: 9);
        Assert.Equal([atStart], _grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(1), times: 1);
        Assert.Equal([atStart, atStart + 10], _grain.Compactions);
    }

    [Fact]
    public void B107_a_period_over_an_hour_is_sampled_every_six_minutes_and_compacted_hourly()
    {
        long atStart = _keyspace.State.Revision;
        Start(period: TimeSpan.FromHours(2));
        WriteEach(TimeSpan.FromMinutes(6), times: 19);
        Assert.Empty(_grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(6), times: 1);
        Assert.Equal([atStart], _grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(6), times: 9);
        Assert.Equal([atStart], _grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(6), times: 1);
        Assert.Equal([atStart, atStart + 10], _grain.Compactions);
    }

    [Fact]
    public void B107_a_compaction_that_failed_is_tried_again_at_the_next_sample()
    {
        long atStart = _keyspace.State.Revision;
        Start(period: TimeSpan.FromMinutes(10));
        _grain.Failures = 1;
        WriteEach(TimeSpan.FromMinutes(1), times: 10);
        Assert.Equal(0, _grain.Failures);
        Assert.Empty(_grain.Compactions);
        WriteEach(TimeSpan.FromMinutes(1), times: 1);
        Assert.Equal([atStart + 1], _grain.Compactions);
    }

    [Fact]
    public void B108_revision_mode_keeps_so_many_revisions_every_five_minutes()
    {
        Start(revisions: 10);
        WriteTimes(30);
        _time.Advance(AutoCompactor.RevisionModeInterval - TimeSpan.FromTicks(1));
        Assert.Empty(_grain.Compactions);
        _time.Advance(TimeSpan.FromTicks(1));
        long first = _keyspace.State.Revision - 10;
        Assert.Equal([first], _grain.Compactions);
        _time.Advance(AutoCompactor.RevisionModeInterval);
        Assert.Equal([first], _grain.Compactions);
        WriteTimes(3);
        _time.Advance(AutoCompactor.RevisionModeInterval);
        Assert.Equal([first, first + 3], _grain.Compactions);
    }

    [Fact]
    public void B108_with_fewer_revisions_than_are_kept_nothing_is_compacted()
    {
        Start(revisions: 10);
        WriteTimes(9);
        Assert.Equal(10, _keyspace.State.Revision);
        _time.Advance(AutoCompactor.RevisionModeInterval);
        Assert.Empty(_grain.Compactions);
        WriteTimes(1);
        _time.Advance(AutoCompactor.RevisionModeInterval);
        Assert.Equal([1L], _grain.Compactions);
    }

    [Fact]
    public void B109_only_the_leader_compacts_and_a_new_leader_does_so_at_its_next_sample()
    {
        long atStart = _keyspace.State.Revision;
        _leadership.IsReadyLeader = false;
        Start(period: TimeSpan.FromMinutes(10));
        WriteEach(TimeSpan.FromMinutes(1), times: 15);
        Assert.Empty(_grain.Compactions);
        _leadership.IsReadyLeader = true;
        WriteEach(TimeSpan.FromMinutes(1), times: 1);
        Assert.Equal([atStart + 6], _grain.Compactions);
    }

    [Fact]
    public void B109_a_follower_does_nothing_in_revision_mode()
    {
        _leadership.IsReadyLeader = false;
        Start(revisions: 1);
        WriteTimes(5);
        _time.Advance(AutoCompactor.RevisionModeInterval);
        Assert.Empty(_grain.Compactions);
        _leadership.IsReadyLeader = true;
        _time.Advance(AutoCompactor.RevisionModeInterval);
        Assert.Single(_grain.Compactions);
    }

    [Fact]
    public void Without_a_mode_it_ends_at_once()
    {
        Start();
        Assert.True(_run.IsCompletedSuccessfully);
    }

    // The clock's timers run everything up to the next wait before Advance returns: the fake grain never waits.
    private void Start(TimeSpan? period = null, long? revisions = null) => _run = new AutoCompactor(
        new AutoCompactionOptions(period, revisions),
        _keyspace.State,
        _leadership,
        new OneGrainFactory(_grain),
        _time,
        NullLogger<AutoCompactor>.Instance).RunAsync(_stopping.Token);

    private void WriteEach(TimeSpan interval, int times)
    {
        for (int i = 0; i < times; i++)
        {
            WriteTimes(1);
            _time.Advance(interval);
        }
    }

    private void WriteTimes(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _keyspace.Do(Put("k"));
        }
    }
}
