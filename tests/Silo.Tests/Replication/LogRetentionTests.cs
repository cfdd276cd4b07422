using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Krewe.Testing.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Replication;

public sealed class LogRetentionTests : IDisposable
{
    private const ulong CatchUpEntries = 5;
    private static readonly ReplicationOptions Options = new() { SnapshotCount = 20, SnapshotCatchUpEntries = CatchUpEntries };
    private readonly MemoryDisk _disk = new();
    private readonly MemoryKeyspaceStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Before_so_many_entries_nothing_is_flushed()
    {
        using var member = NewMember();
        var term = await member.StartAsync();
        while (member.Node.AppliedIndex < Options.SnapshotCount - 1)
        {
            await AppendAsync(member, term);
        }

        Assert.Equal(0UL, _store.DurableIndex);
        Assert.Equal(1UL, member.Log.FirstIndex);
    }

    [Fact]
    public async Task After_so_many_entries_the_log_is_released_save_for_what_slow_members_want()
    {
        using var member = NewMember();
        await ReleaseAsync(member);
        Assert.InRange(_store.DurableIndex, Options.SnapshotCount, member.Node.AppliedIndex);
        Assert.True(member.Log.FirstIndex <= _store.DurableIndex - CatchUpEntries + 1, "entries for slow members are gone");
    }

    [Fact]
    public async Task A_member_restarts_from_a_released_log_even_if_the_store_lost_what_was_not_flushed()
    {
        ulong applied;
        using (var member = NewMember())
        {
            await ReleaseAsync(member);
            applied = member.Node.AppliedIndex;
        }

        _store.Crash();
        var durable = _store.AppliedIndex;
        using var restarted = NewMember();
        var term = await restarted.StartAsync();
        await AppendAsync(restarted, term);
        var replayed = restarted.Machine.Applied.Select(e => e.Index).ToList();
        Assert.Equal(durable + 1, replayed[0]);
        Assert.Equal(Enumerable.Range(0, replayed.Count).Select(i => durable + 1 + (ulong)i), replayed);
        Assert.True(replayed[^1] > applied, "what was applied before is there again");
        Assert.Empty(restarted.Failures);
    }

    [Fact]
    public async Task A_store_that_lost_more_than_the_log_released_is_refused()
    {
        using (var member = NewMember())
        {
            await ReleaseAsync(member);
        }

        Assert.Throws<InvalidDataException>(() => new SingleMember(_disk, appliedIndex: 0));
    }

    /// <summary>The flush runs on the pool, where an exception that nobody catches ends the process.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_store_that_is_closed_under_a_flush_is_no_failure()
    {
        using var store = new ClosingStore(_store) { IsClosed = true };
        using var member = NewMember(store);
        var term = await member.StartAsync();
        while (store.Flushes < 2)
        {
            await AppendAsync(member, term);
        }

        Assert.Equal(1UL, member.Log.FirstIndex);
        store.IsClosed = false;
        await ReleaseAsync(member, term);
        Assert.Empty(member.Failures);
    }

    private static async Task AppendAsync(SingleMember member, ulong term) =>
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, new byte[1_000])).Status);

    /// <summary>Writes until the log is shorter; fails with the test's time limit.</summary>
    private static async Task ReleaseAsync(SingleMember member)
    {
        await ReleaseAsync(member, await member.StartAsync());
    }

    private static async Task ReleaseAsync(SingleMember member, ulong term)
    {
        var from = member.Node.AppliedIndex;
        while (member.Log.FirstIndex == 1)
        {
            await AppendAsync(member, term);
            Assert.True(member.Node.AppliedIndex - from < 100 * Options.SnapshotCount, "the log is never released");
        }
    }

    private SingleMember NewMember(IKeyspaceStore? store = null)
    {
        store ??= _store;
        var member = new SingleMember(_disk, new RecordingStateMachine { Store = store }, _store.AppliedIndex, Options);
        _ = new LogRetention(member.Node, store, () => new ConfState([1]), _ => ulong.MaxValue, Options, NullLogger<LogRetention>.Instance);
        return member;
    }
}
