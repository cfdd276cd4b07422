using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

public sealed class RaftCoreTests
{
    [Fact]
    public void Proposing_on_a_single_voter_allocates_next_to_nothing()
    {
        // What is left is the log itself: one block of 256 entries (10 KiB) per 256 proposals.
        const int Proposals = 20_000;
        var node = new SingleNode { Remembers = false };
        node.Core.Campaign();
        node.Process();
        var data = new byte[16];
        Propose(node, data, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Propose(node, data, Proposals);
        long perProposal = (GC.GetAllocatedBytesForCurrentThread() - before) / Proposals;
        Assert.InRange(perProposal, 0, 64);
    }

    [Fact]
    public void Memory_for_stable_entries_is_bounded()
    {
        var node = new SingleNode(new RaftOptions { Id = 1, MaxCachedEntries = 1000 });
        node.Core.Campaign();
        node.Process();
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(ProposeResult.Accepted, node.Core.TryPropose(new byte[1], out _, out _));
            node.Process();
            Assert.InRange(node.Core.CachedEntries, 0UL, 1000UL + 256UL);
        }

        var small = new SingleNode(new RaftOptions { Id = 1, MaxCachedBytes = 100_000 });
        small.Core.Campaign();
        small.Process();
        for (int i = 0; i < 1000; i++)
        {
            small.Core.TryPropose(new byte[1000], out _, out _);
            small.Process();
            Assert.InRange(small.Core.CachedEntries, 0UL, 400UL);
        }
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 24)]
    [InlineData(3, 40)]
    [InlineData(7, 64)]
    public void Memory_for_stable_entries_grows_with_what_may_be_under_way_to_followers(int members, int mebibytes)
    {
        var options = new RaftOptions { Id = 1 };
        Assert.Equal((long)mebibytes << 20, options.CachedBytes(members - 1));
    }

    [Fact]
    public void Memory_for_stable_entries_follows_the_membership()
    {
        const int EntryBytes = 100;
        var node = new SingleNode(new RaftOptions { Id = 1, MaxCachedBytesAlone = 0, MaxInflightBytes = 1000 * EntryBytes });
        node.Core.Campaign();
        node.Process();
        Propose(node, new byte[EntryBytes], 1000);
        Assert.InRange(node.Core.CachedEntries, 0UL, 256UL);
        Assert.Equal(ProposeResult.Accepted, node.Core.ProposeConfChange(ConfChange.Single(ConfChangeKind.AddLearner, 2), out ulong index, out _));
        node.Process();
        node.Core.ApplyConfChange(index, ConfChange.Single(ConfChangeKind.AddLearner, 2));
        Propose(node, new byte[EntryBytes], 1000);
        Assert.InRange(node.Core.CachedEntries, 400UL, 1000UL);
    }

    [Theory]
    [InlineData(0, 10, 19)]
    [InlineData(5, 10, 14)]
    [InlineData(1, 10, 10)]
    public void Followers_campaign_within_the_spread_behind_the_election_timeout(int spreadTicks, int first, int last)
    {
        var seen = new SortedSet<int>();
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var options = new RaftOptions { Id = 1, RandomSeed = seed, ElectionTimeoutTicks = 10, ElectionSpreadTicks = spreadTicks };
            RaftCore core = new SingleNode(options, new RaftInitialState { ConfState = new ConfState([1, 2, 3]) }).Core;
            int ticks = 0;
            for (; core.Role == RaftRole.Follower; ticks++)
            {
                core.Tick();
            }

            seen.Add(ticks);
        }

        Assert.Equal(Enumerable.Range(first, last - first + 1), seen);
    }

    [Fact]
    public void Two_leaders_in_one_term_stop_the_node()
    {
        RaftCore core = Follower();
        core.Step(new Message { Type = MessageType.Heartbeat, To = 1, From = 2, Term = 5 });
        Assert.Throws<RaftInvariantException>(() => core.Step(new Message { Type = MessageType.Heartbeat, To = 1, From = 3, Term = 5 }));
    }

    [Fact]
    public void A_commit_index_beyond_the_log_stops_the_node()
    {
        RaftCore core = Follower();
        Assert.Throws<RaftInvariantException>(
            () => core.Step(new Message { Type = MessageType.Heartbeat, To = 1, From = 2, Term = 5, Commit = 1 }));
    }

    /// <summary>Raft paper, figure 2. A node that can't ask for votes, as it is no voter in the configuration that it knows, has no other way to come back.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_leader_of_an_earlier_term_is_told_of_the_later_one(bool preVote)
    {
        var node = new SingleNode(
            new RaftOptions { Id = 1, PreVote = preVote, CheckQuorum = false, LeaseReads = false },
            new RaftInitialState { ConfState = new ConfState([1, 2, 3]), HardState = new HardState(7, 0, 0) });
        node.Core.Step(new Message { Type = MessageType.Heartbeat, From = 2, To = 1, Term = 5 });
        Message answer = Assert.Single(node.Core.TakeReady().MessagesAfterDurable.ToArray());
        Assert.Equal((MessageType.AppendResponse, 2UL, 7UL), (answer.Type, answer.To, answer.Term));
    }

    [Fact]
    public void Committed_entries_are_never_overwritten()
    {
        RaftCore core = Follower();
        core.Step(Append(term: 5, commit: 1, new Entry(1, 5, EntryKind.Normal, default)));
        Assert.Equal(1UL, core.CommitIndex);
        core.Step(Append(term: 6, commit: 0, new Entry(1, 6, EntryKind.Normal, default)));
        Assert.True(core.TryGetTerm(1, out ulong term));
        Assert.Equal(5UL, term);
    }

    [Fact]
    public void A_log_that_lost_committed_entries_refuses_to_start()
        => Assert.Throws<RaftInvariantException>(() => new SingleNode(state: new RaftInitialState { HardState = new HardState(3, 0, 7) }));

    [Fact]
    public void A_log_of_a_later_term_than_the_hard_state_refuses_to_start()
        => Assert.Throws<RaftInvariantException>(() => new SingleNode(state: new RaftInitialState
        {
            HardState = new HardState(3, 0, 0),
            LastIndex = 1,
            RecentEntries = new[] { new Entry(1, 4, EntryKind.Normal, default) },
        }));

    [Fact]
    public void What_was_not_handed_out_cannot_be_reported()
    {
        RaftCore core = Follower();
        Assert.Throws<RaftInvariantException>(() => core.AppendDurable(1));
        Assert.Throws<RaftInvariantException>(() => core.Applied(1));
    }

    [Fact]
    public void A_ready_is_taken_once()
    {
        RaftCore core = Follower();
        core.Step(new Message { Type = MessageType.Heartbeat, To = 1, From = 2, Term = 5 });
        Assert.True(core.HasReady);
        Ready ready = core.TakeReady();
        Assert.Equal(new SoftState(2, RaftRole.Follower), ready.SoftState);
        Assert.Equal(new HardState(5, 0, 0), ready.HardState);
        Assert.True(ready.MustSync);
        Assert.Equal(1, ready.Messages.Length);
        Assert.False(core.HasReady);
    }

    [Fact]
    public void The_same_inputs_give_the_same_outputs()
    {
        string Run()
        {
            RaftCore core = Follower();
            var text = new System.Text.StringBuilder();
            for (int i = 0; i < 200; i++)
            {
                core.Tick();
                while (core.HasReady)
                {
                    Ready ready = core.TakeReady();
                    text.Append(i).Append(' ').Append(ready.SoftState).Append(ready.Messages.Length).Append('\n');
                    core.AppendDurable(ready.AppendSequence);
                }
            }

            return text.ToString();
        }

        Assert.Equal(Run(), Run());
        Assert.Contains("PreCandidate", Run(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 10, 1, false, true)]
    [InlineData(1UL, 1, 1, false, true)]
    [InlineData(1UL, 10, 0, false, true)]
    [InlineData(1UL, 10, 1, true, false)]
    public void Options_that_contradict_each_other_are_refused(ulong id, int election, int heartbeat, bool lease, bool checkQuorum)
    {
        var options = new RaftOptions
        {
            Id = id,
            ElectionTimeoutTicks = election,
            HeartbeatTicks = heartbeat,
            LeaseReads = lease,
            CheckQuorum = checkQuorum,
        };
        Assert.Throws<ArgumentException>(options.Validate);
    }

    private static RaftCore Follower()
        => new SingleNode(state: new RaftInitialState { ConfState = new ConfState([1, 2, 3]), HardState = new HardState(1, 0, 0) }).Core;

    private static Message Append(ulong term, ulong commit, params Entry[] entries)
        => new() { Type = MessageType.Append, To = 1, From = 2, Term = term, Commit = commit, Entries = entries };

    private static void Propose(SingleNode node, byte[] data, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (node.Core.TryPropose(data, out _, out _) != ProposeResult.Accepted || node.Process() != 1)
            {
                Assert.Fail("the proposal was not applied");
            }
        }
    }
}
