using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Replication;
using Krewe.Testing.Disk;

namespace Krewe.Silo.Tests.Replication;

public sealed class StorageWorkQueueTests : IDisposable
{
    private readonly StorageWorkQueue _queue = new();
    private readonly WriteAheadLog _log;
    private readonly RaftCore _leader;
    private List<Ready> _work = [];

    public StorageWorkQueueTests()
    {
        var log = MemberLog.OpenOrCreate(new MemoryDisk(), new WalIdentity(ClusterId: 7, MemberId: 1), new ConfState([1]), SingleMember.SmallSegments);
        _log = log.Log;
        _leader = new RaftCore(new RaftOptions { Id = 1, ElectionTimeoutTicks = 10 }, log.InitialState(0), new WalLogReader(_log), new NoSnapshots());
        _leader.Campaign();
        _leader.AppendDurable(_leader.TakeReady().AppendSequence);
        Assert.True(_queue.WaitForTurn());
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Whoever_adds_due_work_to_an_idle_log_has_the_turn_and_nobody_else()
    {
        EndTurn();
        Assert.True(_queue.Add(Due()));
        Assert.False(_queue.Add(Due()));
        Assert.True(_queue.TryTakeAll(ref _work));
        Assert.Equal(2, _work.Count);
        Assert.False(_queue.Add(Due()));
    }

    [Fact]
    public void A_commit_index_alone_waits_for_the_next_write()
    {
        EndTurn();
        Assert.False(_queue.Add(CommitOnly()));
        Assert.True(_queue.IsEmpty);
        Assert.True(_queue.Add(Due()));
        Assert.True(_queue.TryTakeAll(ref _work));
        Assert.Equal(2, _work.Count);
    }

    [Fact]
    public void A_turn_that_is_passed_on_is_the_threads()
    {
        _queue.PassToThread();
        Assert.False(_queue.Add(Due()));
        Assert.True(_queue.WaitForTurn());
        Assert.True(_queue.TryTakeAll(ref _work));
    }

    [Fact]
    public void After_closing_the_thread_takes_what_is_left_once_the_turn_is_over()
    {
        EndTurn();
        _queue.Add(CommitOnly());
        _queue.Close();
        Assert.False(_queue.WaitForTurn());
        Assert.True(_queue.TryTakeRest(ref _work));
        Assert.Single(_work);
        Assert.False(_queue.Add(Due()));
    }

    private void EndTurn() => Assert.False(_queue.TryTakeAll(ref _work));

    /// <summary>The first entry of the term, or another one.</summary>
    private Ready Due()
    {
        if (!_leader.HasReady)
        {
            Assert.Equal(ProposeResult.Accepted, _leader.TryPropose(new byte[1], out _, out _));
        }

        var ready = _leader.TakeReady();
        Assert.True(ready.MustSync);
        return ready;
    }

    private Ready CommitOnly()
    {
        while (true)
        {
            var ready = _leader.TakeReady();
            if (!ready.MustSync)
            {
                Assert.NotNull(ready.HardState);
                return ready;
            }

            _leader.AppendDurable(ready.AppendSequence);
        }
    }
}
