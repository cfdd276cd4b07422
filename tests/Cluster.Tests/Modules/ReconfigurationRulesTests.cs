using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;

namespace Krewe.Cluster.Tests.Modules;

/// <summary>What is refused before it gets into the log (behaviours 245 to 248, 253). Member 1 is the leader.</summary>
public sealed class ReconfigurationRulesTests : IPeerActivity
{
    private readonly Dictionary<ulong, int> _activeSeconds = [];

    [Theory]
    [InlineData("s", EtcdError.None)] // A cluster of one may always grow to two.
    [InlineData("su", EtcdError.MemberNotEnoughStarted)]
    [InlineData("ss", EtcdError.None)]
    [InlineData("ssu", EtcdError.MemberNotEnoughStarted)]
    [InlineData("sss", EtcdError.None)]
    [InlineData("sssu", EtcdError.None)]
    public void B246_adding_a_voter_needs_started_voters(string members, EtcdError expected) =>
        Assert.Equal(expected, AllActive().CheckAdd(Members(members), 1, isLearner: false));

    [Theory]
    [InlineData("sss", 2, 5, EtcdError.None)]
    [InlineData("sss", 2, 4, EtcdError.Unhealthy)]
    [InlineData("sss", 1, 60, EtcdError.Unhealthy)]
    [InlineData("sssss", 3, 60, EtcdError.None)]
    [InlineData("ss", 0, 60, EtcdError.Unhealthy)]
    public void B247_adding_needs_a_quorum_that_was_heard_for_five_seconds(string members, int othersActive, int seconds, EtcdError expected)
    {
        for (var i = 0; i < othersActive; i++)
        {
            _activeSeconds[(ulong)i + 2] = seconds;
        }

        Assert.Equal(expected, Rules().CheckAdd(Members(members), 1, isLearner: false));
        Assert.Equal(expected, Rules().CheckAdd(Members(members), 1, isLearner: true));
        Assert.Equal(EtcdError.None, Rules(strict: false).CheckAdd(Members(members), 1, isLearner: false));
    }

    [Fact]
    public void B245_learners_are_limited()
    {
        Assert.Equal(EtcdError.None, AllActive().CheckAdd(Members("s"), 1, isLearner: true));
        Assert.Equal(EtcdError.TooManyLearners, AllActive().CheckAdd(Members("sl"), 1, isLearner: true));
        Assert.Equal(EtcdError.TooManyLearners, Rules(strict: false).CheckAdd(Members("sl"), 1, isLearner: true));
        Assert.Equal(EtcdError.None, AllActive().CheckAdd(Members("sl"), 1, isLearner: false));
    }

    [Theory]
    [InlineData("s", 1, EtcdError.MemberNotEnoughStarted)]
    [InlineData("su", 1, EtcdError.MemberNotEnoughStarted)]
    [InlineData("su", 2, EtcdError.None)]
    [InlineData("sss", 2, EtcdError.None)]
    [InlineData("ssu", 2, EtcdError.MemberNotEnoughStarted)]
    [InlineData("sl", 2, EtcdError.None)]
    public void B248_removing_a_voter_needs_started_voters_afterwards(string members, ulong id, EtcdError expected)
    {
        var rules = AllActive();
        _activeSeconds.Remove(2);

        Assert.Equal(expected, rules.CheckRemove(Members(members), 1, id));
    }

    [Fact]
    public void B248_removing_a_live_member_must_not_endanger_the_quorum_and_a_dead_one_may_go()
    {
        _activeSeconds[2] = 60;

        Assert.Equal(EtcdError.Unhealthy, Rules().CheckRemove(Members("sss"), 1, 2));
        Assert.Equal(EtcdError.Unhealthy, Rules().CheckRemove(Members("sss"), 1, 1));
        Assert.Equal(EtcdError.None, Rules().CheckRemove(Members("sss"), 1, 3));
        Assert.Equal(EtcdError.None, Rules(strict: false).CheckRemove(Members("sss"), 1, 2));
    }

    [Theory]
    [InlineData(90UL, EtcdError.None)]
    [InlineData(89UL, EtcdError.LearnerNotReady)]
    public void B253_a_learner_must_have_most_of_the_log(ulong match, EtcdError expected) =>
        Assert.Equal(expected, AllActive().CheckPromote(Members("sl"), 1, 2, [Status(1, 100), Status(2, match)]));

    [Fact]
    public void Promoting_keeps_a_quorum_of_started_members()
    {
        Assert.Equal(EtcdError.MemberNotEnoughStarted, AllActive().CheckPromote(Members("suul"), 1, 4, [Status(1, 100), Status(4, 100)]));
        Assert.Equal(EtcdError.None, AllActive().CheckPromote(Members("sul"), 1, 3, [Status(1, 100), Status(3, 100)]));
    }

    [Theory]
    [InlineData(true, "http://127.0.0.1:2380")]
    [InlineData(true, "https://[::1]:1")]
    [InlineData(true, "unix://a/b")]
    [InlineData(false, "http://127.0.0.1")]
    [InlineData(false, "http://127.0.0.1:2380/path")]
    [InlineData(false, "ftp://127.0.0.1:1")]
    [InlineData(false, "xx")]
    [InlineData(false, "")]
    public void B242_peer_urls_are_checked(bool good, string url) => Assert.Equal(good, PeerUrls.TryNormalise([url]) is not null);

    [Fact]
    public void B242_peer_urls_are_sorted_and_may_not_be_none()
    {
        Assert.Null(PeerUrls.TryNormalise([]));
        Assert.Equal(["http://a:1", "http://b:1"], PeerUrls.TryNormalise([" http://b:1", "http://a:1"]));
    }

    public TimeSpan? ActiveFor(ulong memberId) =>
        _activeSeconds.TryGetValue(memberId, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static ProgressStatus Status(ulong id, ulong match) => new(id, false, ProgressState.Replicate, match, match + 1, 0, true, 0);

    /// <summary>One letter a member, IDs from 1 on: started, unstarted, learner.</summary>
    private static Member[] Members(string letters) =>
        [.. letters.Select((letter, i) => new Member((ulong)i + 1, letter == 's' ? "m" : "", [$"http://h:{i}"], [], letter == 'l'))];

    private ReconfigurationRules Rules(bool strict = true) => new(new MembershipOptions(strict, MaxLearners: 1), this);

    private ReconfigurationRules AllActive()
    {
        for (ulong id = 2; id < 9; id++)
        {
            _activeSeconds[id] = 60;
        }

        return Rules();
    }
}
