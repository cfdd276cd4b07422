using System.Collections.Concurrent;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Replication;

public sealed class RaftNodeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("krewe-raft-node-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_single_member_leads_at_once_and_applies_what_is_appended()
    {
        using var member = new SingleMember(_directory);
        var term = await member.StartAsync();
        Assert.Equal(EntryStatus.Applied, (await member.AppendAsync(term, [1, 2, 3])).Status);
        Assert.Contains(member.Machine.Applied, e => e.Data.Span.SequenceEqual(new byte[] { 1, 2, 3 }));
        Assert.Equal([term], member.Machine.TermsLed);
        Assert.Equal(1UL, member.Node.LeaderId);
    }

    /// <summary>Behaviour 351. A deposed leader's callers hear of it as soon as its log has lost their entries, before anything is committed again.</summary>
    [Fact]
    public async Task Waiters_of_a_deposed_leader_are_answered_when_its_log_loses_their_entries()
    {
        var log = MemberLog.OpenOrCreate(_directory, new WalIdentity(7, 1), new ConfState([1, 2, 3]), new WalOptions { SegmentBytes = 1 << 20 });
        var core = new RaftCore(new RaftOptions { Id = 1 }, log.InitialState(0), new WalLogReader(log.Log), new NoSnapshots());
        using var node = new RaftNode(
            core,
            log.Log,
            new RecordingStateMachine(),
            new NoPeerTransport(),
            new ReplicationOptions { TickMilliseconds = 60_000 },
            TimeProvider.System,
            _ => { },
            NullLogger<RaftNode>.Instance);
        node.Start();
        var before = node.LastIndex;
        Assert.True(core.TryGetTerm(before, out var termBefore));
        node.Step(new Message { Type = MessageType.TimeoutNow, From = 2, To = 1, Term = node.Term + 1 });
        while (node.LeaderId != 1)
        {
            node.Step(new Message { Type = MessageType.VoteResponse, From = 2, To = 1, Term = core.Term });
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(AppendRefusal.None, node.TryAppend(node.Term, new byte[1], out var first));
        Assert.Equal(AppendRefusal.None, node.TryAppend(node.Term, new byte[1], out var second));
        node.Step(new Message
        {
            Type = MessageType.Append,
            From = 2,
            To = 1,
            Term = node.Term + 1,
            Index = before,
            LogTerm = termBefore,
            Commit = before,
            Entries = new[] { new Entry(before + 1, node.Term + 1, EntryKind.Normal, default) },
        });
        Assert.Equal(EntryStatus.Undecided, (await first.Applied.WaitAsync(TestContext.Current.CancellationToken)).Status);
        Assert.Equal(EntryStatus.Undecided, (await second.Applied.WaitAsync(TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task Entries_are_applied_in_the_order_of_appending()
    {
        using var member = new SingleMember(_directory);
        var term = await member.StartAsync();
        var outcomes = new List<Task<EntryOutcome>>();
        for (var i = 0; i < 2_000; i++)
        {
            Assert.Equal(AppendRefusal.None, member.Node.TryAppend(term, BitConverter.GetBytes(i), out var entry));
            outcomes.Add(entry.Applied);
        }

        await Task.WhenAll(outcomes).WaitAsync(TestContext.Current.CancellationToken);
        var applied = member.Machine.Applied.Where(e => e.Data.Length > 0).Select(e => BitConverter.ToInt32(e.Data.Span));
        Assert.Equal(Enumerable.Range(0, 2_000), applied);
    }

    [Fact]
    public async Task After_a_restart_everything_acknowledged_is_applied_again_from_where_the_store_stands()
    {
        ulong applied;
        using (var member = new SingleMember(_directory))
        {
            var term = await member.StartAsync();
            for (byte i = 0; i < 10; i++)
            {
                await member.AppendAsync(term, [i]);
            }

            applied = member.Node.AppliedIndex;
        }

        using var restarted = new SingleMember(_directory, appliedIndex: applied - 4);
        var newTerm = await restarted.StartAsync();
        Assert.Equal([6, 7, 8, 9], restarted.Machine.Applied.Where(e => e.Data.Length > 0).Select(e => (int)e.Data.Span[0]));
        Assert.True(newTerm > 1);
    }

    [Fact]
    public async Task An_append_for_another_term_is_refused()
    {
        using var member = new SingleMember(_directory);
        var term = await member.StartAsync();
        Assert.Equal(AppendRefusal.NotLeader, member.Node.TryAppend(term + 1, new byte[1], out _));
        Assert.Equal(AppendRefusal.NotLeader, member.Node.TryAppend(term - 1, new byte[1], out _));
        Assert.Equal(2, member.Node.FailedProposals);
    }

    [Fact]
    public async Task B40_a_read_barrier_waits_for_what_was_committed_before_it()
    {
        using var hold = new ManualResetEventSlim();
        var machine = new RecordingStateMachine();
        using var member = new SingleMember(_directory, machine);
        var term = await member.StartAsync();
        machine.BeforeApply = hold.Wait;
        Assert.Equal(AppendRefusal.None, member.Node.TryAppend(term, new byte[1], out var entry));
        while (member.Node.CommitIndex < entry.Index)
        {
            await Task.Yield();
        }

        var barrier = member.Node.ReadBarrierAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(barrier.IsCompleted);
        hold.Set();
        await barrier;
        Assert.True(member.Node.AppliedIndex >= entry.Index);
    }

    [Fact]
    public async Task While_the_store_is_full_appends_are_refused_and_nothing_is_lost()
    {
        var isFull = false;
        var waiting = new ConcurrentBag<string?>();
        var machine = new RecordingStateMachine();
        var options = new ReplicationOptions { DiskFullRetryDelay = TimeSpan.FromMilliseconds(1) };
        using var member = new SingleMember(_directory, machine, options: options);
        machine.BeforeApply = () =>
        {
            if (Volatile.Read(ref isFull))
            {
                waiting.Add(Thread.CurrentThread.Name);
                throw new StoreFaultException("full", isDiskFull: true);
            }
        };
        var term = await member.StartAsync();

        Volatile.Write(ref isFull, true);
        Assert.Equal(AppendRefusal.None, member.Node.TryAppend(term, new byte[] { 42 }, out var stuck));
        while (member.Node.TryAppend(term, new byte[] { 43 }, out _) != AppendRefusal.DiskFull)
        {
            await Task.Yield();
        }

        await member.Node.ReadBarrierAsync(TestContext.Current.CancellationToken);

        // Whoever tried first, the applier's own thread waits for space: the log's and the connections' have other work.
        while (waiting.Count(name => name == "raft-apply") < 3)
        {
            await Task.Yield();
        }

        Assert.InRange(waiting.Count(name => name != "raft-apply"), 0, 1);
        Volatile.Write(ref isFull, false);
        Assert.Equal(EntryStatus.Applied, (await stuck.Applied.WaitAsync(TestContext.Current.CancellationToken)).Status);
        Assert.Single(machine.Applied, entry => entry.Data.Length == 1 && entry.Data.Span[0] == 42);
        Assert.Empty(member.Failures);
    }

    [Fact]
    public async Task A_failure_of_the_state_machine_stops_the_member_and_leaves_outcomes_unknown()
    {
        var machine = new RecordingStateMachine();
        using var member = new SingleMember(_directory, machine);
        var term = await member.StartAsync();
        machine.BeforeApply = () => throw new InvalidOperationException("broken");
        Assert.Equal(EntryStatus.Unknown, (await member.AppendAsync(term, [1])).Status);
        Assert.IsType<InvalidOperationException>(Assert.Single(member.Failures));
    }

    [Fact]
    public async Task B355_a_stopped_member_refuses_and_reads_fail()
    {
        var member = new SingleMember(_directory);
        var term = await member.StartAsync();
        member.Dispose();
        Assert.Equal(AppendRefusal.Stopped, member.Node.TryAppend(term, new byte[1], out _));
    }

    [Fact]
    public void A_store_ahead_of_the_log_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new SingleMember(_directory, appliedIndex: 5));
}
