using Krewe.Grains.Replication;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Tests.Replication;

public sealed class ApplyWaitersTests
{
    private readonly ApplyWaiters _waiters = new();

    [Fact]
    public void The_entry_itself_tells_its_outcome()
    {
        Task<EntryOutcome> waiter = _waiters.Add(5, 2);
        _waiters.Complete(5, 2, new EntryOutcome(EntryStatus.Applied, "answer"));
        Assert.Equal(new EntryOutcome(EntryStatus.Applied, "answer"), Completed(waiter));
    }

    /// <summary>They need not wait until the other leader's entries are applied, or for the request timeout (behaviour 351).</summary>
    [Fact]
    public void Entries_that_another_leader_replaced_in_this_log_are_undecided_at_once()
    {
        Task<EntryOutcome> kept = _waiters.Add(5, 2);
        Task<EntryOutcome> replaced = _waiters.Add(6, 2);
        Task<EntryOutcome> behind = _waiters.Add(7, 2);
        _waiters.Replace(6, 2);
        Assert.False(replaced.IsCompleted);
        _waiters.Replace(6, 3);
        Assert.False(kept.IsCompleted);
        Assert.Equal(EntryStatus.Undecided, Completed(replaced).Status);
        Assert.Equal(EntryStatus.Undecided, Completed(behind).Status);

        Task<EntryOutcome> next = _waiters.Add(6, 4);
        _waiters.Replace(8, 5);
        Assert.False(next.IsCompleted);
        _waiters.Complete(5, 2, new EntryOutcome(EntryStatus.Applied));
        _waiters.Complete(6, 4, new EntryOutcome(EntryStatus.Applied));
        Assert.Equal((EntryStatus.Applied, EntryStatus.Applied), (Completed(kept).Status, Completed(next).Status));
    }

    [Fact]
    public void An_entry_whose_index_another_one_was_applied_at_is_lost()
    {
        Task<EntryOutcome> waiter = _waiters.Add(5, 2);
        _waiters.Complete(5, 3, new EntryOutcome(EntryStatus.Applied));
        Assert.Equal(EntryStatus.Lost, Completed(waiter).Status);
    }

    /// <summary>
    /// Raft paper, figure 8: another member may still have the entry and commit it, so to write it again could do it twice (behaviour 351).
    /// </summary>
    [Fact]
    public void What_became_of_an_entry_that_this_log_lost_is_undecided()
    {
        Task<EntryOutcome> kept = _waiters.Add(5, 2);
        Task<EntryOutcome> replaced = _waiters.Add(6, 2);
        Task<EntryOutcome> replacedToo = _waiters.Add(7, 2);
        _waiters.Add(6, 4);
        Assert.False(kept.IsCompleted);
        Assert.Equal(EntryStatus.Undecided, Completed(replaced).Status);
        Assert.Equal(EntryStatus.Undecided, Completed(replacedToo).Status);
    }

    [Fact]
    public void What_became_of_an_entry_behind_a_snapshot_is_undecided()
    {
        Task<EntryOutcome> inside = _waiters.Add(5, 2);
        Task<EntryOutcome> behind = _waiters.Add(9, 2);
        _waiters.Skip(8);
        Assert.Equal(EntryStatus.Undecided, Completed(inside).Status);
        Assert.False(behind.IsCompleted);
        _waiters.Complete(9, 2, new EntryOutcome(EntryStatus.Applied));
        Assert.Equal(EntryStatus.Applied, Completed(behind).Status);
    }

    [Fact]
    public void An_entry_that_was_passed_over_is_undecided()
    {
        Task<EntryOutcome> passed = _waiters.Add(5, 2);
        _waiters.Complete(8, 3, new EntryOutcome(EntryStatus.Applied));
        Assert.Equal(EntryStatus.Undecided, Completed(passed).Status);
    }

    private static EntryOutcome Completed(Task<EntryOutcome> waiter)
    {
        Assert.True(waiter.IsCompletedSuccessfully);
        return waiter.GetAwaiter().GetResult();
    }
}
