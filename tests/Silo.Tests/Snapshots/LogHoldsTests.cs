using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Silo.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Snapshots;

public sealed class LogHoldsTests : IDisposable
{
    private const ulong CatchUpEntries = 20;
    private static readonly SnapshotLimits Limits = new() { MaxHeldEntries = 10_000 };
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryKeyspaceStore _store = new();
    private readonly CheckpointSource _checkpoints;
    private readonly LogHolds _holds;
    private ProgressStatus[] _progress = [];

    public LogHoldsTests()
    {
        _checkpoints = new CheckpointSource("none", _store, ConfState.Empty, Limits, _time, NullLogger<CheckpointSource>.Instance);
        _holds = new LogHolds(_checkpoints, () => _progress, CatchUpEntries, Limits, _time);
    }

    public void Dispose()
    {
        _checkpoints.Dispose();
        _store.Dispose();
    }

    [Fact]
    public void Without_snapshots_nothing_is_kept() => Assert.Equal(ulong.MaxValue, _holds.LowestNeeded(1_000));

    [Fact]
    public void The_log_behind_a_snapshot_that_arrived_stays_until_its_member_follows_the_log_again()
    {
        Matches(2, 0);
        _holds.CatchUp(2, 100);
        Assert.Equal(100UL, _holds.LowestNeeded(1_000));
        Matches(2, 500);
        Assert.Equal(500UL, _holds.LowestNeeded(1_000));
        Matches(2, 1_000 - CatchUpEntries);
        Assert.Equal(ulong.MaxValue, _holds.LowestNeeded(1_000));
        Matches(2, 500);
        Assert.Equal(ulong.MaxValue, _holds.LowestNeeded(1_000));
    }

    [Fact]
    public void A_member_that_does_not_catch_up_keeps_the_log_no_longer_than_so()
    {
        Matches(2, 100);
        _holds.CatchUp(2, 100);
        _time.Advance(Limits.CatchUpTime - TimeSpan.FromSeconds(1));
        Assert.Equal(100UL, _holds.LowestNeeded(1_000));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ulong.MaxValue, _holds.LowestNeeded(1_000));
    }

    [Fact]
    public void No_more_than_so_many_entries_are_kept()
    {
        Matches(2, 100);
        _holds.CatchUp(2, 100);
        Assert.Equal(100UL, _holds.LowestNeeded(100 + Limits.MaxHeldEntries));
        Assert.Equal(ulong.MaxValue, _holds.LowestNeeded(101 + Limits.MaxHeldEntries));
    }

    [Fact]
    public void A_member_that_was_removed_keeps_nothing()
    {
        _holds.CatchUp(2, 100);
        Assert.Equal(ulong.MaxValue, _holds.LowestNeeded(1_000));
    }

    private void Matches(ulong id, ulong match) => _progress =
        [new ProgressStatus(id, IsLearner: false, ProgressState.Replicate, match, match + 1, 0, RecentActive: true, 0)];
}
