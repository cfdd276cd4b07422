using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Raft.Core;

namespace Krewe.Cluster.Tests.Modules;

/// <summary>Membership changes and published attributes as they are applied (behaviours 236 to 257).</summary>
public sealed class MembersModuleTests : IDisposable
{
    private readonly MemoryStore _store = new();
    private readonly MembersModule _module = new();
    private ulong _index;

    public MembersModuleTests() => Change(MemberChange.Add(Member(1)));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Members_are_sorted_and_survive_a_restart_with_the_configuration_behaviour_236()
    {
        Change(MemberChange.Add(Member(3)));
        Change(MemberChange.Add(Member(2, isLearner: true)));
        Change(MemberChange.Remove(3));

        var restarted = new MembersModule(new ConfState([99]));
        restarted.Load(_store);

        Assert.Equal([1UL, 2UL], restarted.Members.Select(m => m.Id));
        Assert.Equal(new ConfState([1], learners: [2]), restarted.Configuration);
        Assert.True(restarted.IsRemoved(3));
    }

    [Fact]
    public void Before_the_first_change_the_configuration_is_that_of_the_log()
    {
        var module = new MembersModule(new ConfState([7]));
        module.Load(new MemoryStore());

        Assert.Equal(new ConfState([7]), module.Configuration);
    }

    [Fact]
    public void A_removed_id_never_returns_behaviours_241_and_251()
    {
        Change(MemberChange.Add(Member(2)));
        Change(MemberChange.Remove(2));

        Refused(EtcdError.MemberNotFound, MemberChange.Add(Member(2)));
        Refused(EtcdError.MemberNotFound, MemberChange.Remove(2));
        Publish(Member(2));
        Assert.Equal([1UL], _module.Members.Select(m => m.Id));
    }

    [Fact]
    public void A_peer_url_belongs_to_one_member_behaviour_243()
    {
        Change(MemberChange.Add(Member(2)));

        Refused(EtcdError.PeerUrlExists, MemberChange.Add(Member(3) with { PeerUrls = ["http://h:9", "http://h:1"] }));
        Refused(EtcdError.PeerUrlExists, MemberChange.Update(Member(2) with { PeerUrls = ["http://h:1"] }));
        Change(MemberChange.Update(Member(2)));
    }

    [Fact]
    public void Unknown_ids_are_not_found_behaviour_250()
    {
        Refused(EtcdError.MemberNotFound, MemberChange.Remove(9));
        Refused(EtcdError.MemberNotFound, MemberChange.Update(Member(9)));
        Refused(EtcdError.MemberNotFound, MemberChange.Promote(9));
        Refused(EtcdError.MemberExists, MemberChange.Add(Member(1) with { PeerUrls = ["http://h:9"] }));
    }

    [Fact]
    public void Only_learners_are_promoted_behaviour_253()
    {
        Refused(EtcdError.MemberNotLearner, MemberChange.Promote(1));
        Change(MemberChange.Add(Member(2, isLearner: true)));
        Change(MemberChange.Promote(2));

        Assert.Equal(new ConfState([1, 2]), _module.Configuration);
        Assert.False(_module.Members[1].IsLearner);
    }

    [Fact]
    public void An_update_replaces_peer_urls_only_and_publishing_the_rest_only_behaviours_252_and_257()
    {
        Publish(Member(1) with { Name = "new", PeerUrls = ["http://stale:1"], ClientUrls = ["http://c:1"], IsLearner = true });
        Change(MemberChange.Update(Member(1) with { Name = "", PeerUrls = ["xx"] }));

        var member = Assert.Single(_module.Members);
        Assert.Equal(("new", false), (member.Name, member.IsLearner));
        Assert.Equal(["xx"], member.PeerUrls);
        Assert.Equal(["http://c:1"], member.ClientUrls);
    }

    [Fact]
    public void The_last_voter_can_not_be_removed() => Refused(EtcdError.MemberNotEnoughStarted, MemberChange.Remove(1));

    [Fact]
    public async Task Who_waits_for_a_change_and_who_follows_the_list_learn_of_it_behaviour_255()
    {
        IReadOnlyList<Member>? seen = null;
        _module.Changed += list => seen = list;
        var applied = _module.WaitForChangeAsync(2, TestContext.Current.CancellationToken);
        Assert.False(applied.IsCompleted);

        Change(MemberChange.Add(Member(2)));

        await applied;
        Assert.Equal([1UL, 2UL], seen!.Select(m => m.Id));
    }

    private static Member Member(ulong id, bool isLearner = false) => new(id, $"m{id}", [$"http://h:{id}"], [], isLearner);

    private void Change(ConfChange change) => Assert.Null(Apply(change));

    private void Refused(EtcdError error, ConfChange change)
    {
        var before = (_module.Members, _module.Configuration);
        Assert.Equal(new ConfChangeRefusal(error), Apply(change));
        Assert.Equal(before, (_module.Members, _module.Configuration));
    }

    private object? Apply(ConfChange change)
    {
        using var batch = _store.CreateBatch();
        var answer = _module.ApplyConfChange(ConfChangeCodec.Encode(change), new ModuleContext(++_index, 1, batch));
        _store.Write(batch, _index);
        return answer;
    }

    private void Publish(Member member)
    {
        using var batch = _store.CreateBatch();
        _module.Apply(MemberCodec.Encode(member), new ModuleContext(++_index, 1, batch));
        _store.Write(batch, _index);
    }
}
