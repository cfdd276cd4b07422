using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Bootstrap;
using Krewe.Silo.Replication;
using Krewe.Testing.Disk;

namespace Krewe.Silo.Tests.Bootstrap;

/// <summary>The configuration that a member starts with: first start, restart after changes, and forced alone.</summary>
public sealed class MembershipRestartTests : IDisposable
{
    private static readonly MemberBootstrap Alone = new([MemberRig.Member(1)]);
    private static readonly MemberBootstrap Three = new([MemberRig.Member(3), MemberRig.Member(1), MemberRig.Member(2)]);
    private static readonly MemberBootstrap Joining = new([MemberRig.Member(1), MemberRig.Member(4)], Joins: true);
    private readonly MemoryDisk _disk = new();
    private readonly MemoryKeyspaceStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_only_member_of_a_new_cluster_leads_without_waiting_for_an_election()
    {
        using var rig = new MemberRig(_disk, _store, Alone, 1);
        await rig.LeadAsync();

        Assert.Equal([1UL], rig.Members.Configuration.Voters);
        Assert.Equal("m1", Assert.Single(rig.Members.Members).Name);
        Assert.Empty(rig.Failures);
    }

    [Fact]
    public void The_log_of_a_new_cluster_begins_with_all_members_and_they_are_committed()
    {
        using var rig = new MemberRig(_disk, _store, Three, 2);

        Assert.Equal(new HardState(1, 0, 3), rig.Initial.HardState);
        Assert.Equal(3UL, rig.Log.Log.LastIndex);
        Assert.Equal(ConfState.Empty, rig.Initial.ConfState);
    }

    [Fact]
    public void A_log_that_lost_its_first_entries_with_the_power_gets_them_at_the_next_start()
    {
        WriteAheadLog.Create(_disk, new WalIdentity(7, 1), Three.Encode(), MemberRig.Options).Dispose();

        using var rig = new MemberRig(_disk, _store, Three, 1);

        Assert.Equal(3UL, rig.Log.Log.LastIndex);
    }

    [Fact]
    public void A_joining_member_has_no_configuration_and_can_not_campaign()
    {
        using var rig = new MemberRig(_disk, _store, Joining, 4);

        Assert.Equal(0UL, rig.Log.Log.LastIndex);
        Assert.False(rig.Core.Campaign());
    }

    [Fact]
    public void A_joining_member_knows_whom_it_heard_of_until_the_log_says_better_also_after_a_restart()
    {
        MemberLog.OpenOrCreate(_disk, new WalIdentity(7, 4), Joining, MemberRig.Options).Log.Dispose();
        var first = MemberLog.OpenOrCreate(_disk, new WalIdentity(7, 4), Three, MemberRig.Options).FirstKnownMembers;
        var module = new MembersModule();
        var known = new KnownMembers(module, first);

        Assert.Equal(["http://h:1"], known.Find(1)!.PeerUrls);
        Assert.Null(known.Find(2));
        using var batch = _store.CreateBatch();
        module.ApplyConfChange(
            ConfChangeCodec.Encode(MemberChange.Add(MemberRig.Member(1) with { PeerUrls = ["http://new:1"] })), new(1, 1, batch));
        Assert.Equal(["http://new:1"], known.Find(1)!.PeerUrls);
        module.ApplyConfChange(ConfChangeCodec.Encode(MemberChange.Add(MemberRig.Member(4))), new(2, 1, batch));
        module.ApplyConfChange(ConfChangeCodec.Encode(MemberChange.Remove(1)), new(3, 1, batch));
        Assert.Null(known.Find(1));
    }

    [Fact]
    public async Task Changes_after_the_last_marker_are_in_force_after_a_restart()
    {
        using (var rig = new MemberRig(_disk, _store, Alone, 1))
        {
            await rig.LeadAsync();
            Assert.Null((await rig.ChangeAsync(MemberChange.Add(MemberRig.Member(2, isLearner: true)))).ModuleResult);
        }

        using var restarted = new MemberRig(_disk, _store, Alone, 1);
        Assert.Equal(new ConfState([1], learners: [2]), restarted.Initial.ConfState);
        Assert.Equal([1UL, 2UL], restarted.Members.Members.Select(m => m.Id));
        await restarted.LeadAsync();
        Assert.Equal(new ConfState([1], learners: [2]), restarted.Core.ConfState);
    }

    [Fact]
    public async Task Changes_that_the_store_lost_are_applied_again_from_the_log()
    {
        using (var rig = new MemberRig(_disk, _store, Alone, 1))
        {
            await rig.LeadAsync();
            await rig.ChangeAsync(MemberChange.Add(MemberRig.Member(2, isLearner: true)));
        }

        _store.Crash();
        using var restarted = new MemberRig(_disk, _store, Alone, 1);
        Assert.Equal(ConfState.Empty, restarted.Initial.ConfState);
        await restarted.LeadAsync();
        Assert.Equal(new ConfState([1], learners: [2]), restarted.Core.ConfState);
        Assert.Equal(2, restarted.Members.Members.Count);
    }

    [Fact]
    public async Task A_refused_change_is_not_in_force_in_the_core_either()
    {
        using var rig = new MemberRig(_disk, _store, Alone, 1);
        await rig.LeadAsync();
        var outcome = await rig.ChangeAsync(MemberChange.Add(MemberRig.Member(2, isLearner: true) with { PeerUrls = ["http://h:1"] }));

        Assert.Equal(new ConfChangeRefusal(EtcdError.PeerUrlExists), outcome.ModuleResult);
        Assert.Equal(new ConfState([1]), rig.Core.ConfState);
        Assert.Null((await rig.ChangeAsync(MemberChange.Add(MemberRig.Member(3, isLearner: true)))).ModuleResult);
        Assert.Equal(new ConfState([1], learners: [3]), rig.Core.ConfState);
    }

    [Fact]
    public async Task Forced_alone_a_member_of_three_keeps_its_data_and_leads()
    {
        using (var rig = new MemberRig(_disk, _store, Three, 2))
        {
            rig.Node.Start();
            await rig.Members.WaitForChangeAsync(3, TestContext.Current.CancellationToken);
        }

        using var forced = new MemberRig(_disk, _store, Three, 2, Force);
        var term = await forced.LeadAsync();

        Assert.True(term > 1);
        Assert.Equal(new ConfState([2]), forced.Core.ConfState);
        Assert.Equal(2UL, Assert.Single(forced.Members.Members).Id);
        Assert.True(forced.Members.IsRemoved(1) && forced.Members.IsRemoved(3));
    }

    [Fact]
    public async Task Forced_alone_with_a_store_that_lost_everything_the_log_is_enough()
    {
        MemberLog.OpenOrCreate(_disk, new WalIdentity(7, 2), Three, MemberRig.Options).Log.Dispose();

        using var forced = new MemberRig(_disk, _store, Three, 2, Force);
        await forced.LeadAsync();

        Assert.Equal(new ConfState([2]), forced.Core.ConfState);
    }

    [Fact]
    public async Task Forced_alone_a_learner_becomes_the_voter()
    {
        using (var log = MemberLog.OpenOrCreate(_disk, new WalIdentity(7, 2), Joining, MemberRig.Options).Log)
        {
            ConfChange[] changes = [MemberChange.Add(MemberRig.Member(1)), MemberChange.Add(MemberRig.Member(2, isLearner: true))];
            log.Append(
                [.. changes.Select((change, i) => new Entry((ulong)i + 1, 1, EntryKind.ConfChange, ConfChangeCodec.Encode(change)))],
                new HardState(1, 0, 2));
            log.Append([new Entry(3, 1, EntryKind.Normal, new byte[] { 1 })], null);
            log.Sync();
        }

        using var forced = new MemberRig(_disk, _store, Joining, 2, rig =>
            NewClusterOfOne.Rewrite(rig.Log.Log, MemberRig.Member(2), rig.Members.Configuration, 0, isKnownMember: true));
        await forced.LeadAsync();

        Assert.Equal(new ConfState([2]), forced.Core.ConfState);
        Assert.False(Assert.Single(forced.Members.Members).IsLearner);
    }

    private void Force(MemberRig rig) => NewClusterOfOne.Rewrite(
        rig.Log.Log, MemberRig.Member(2), rig.Members.Configuration, _store.AppliedIndex, isKnownMember: true);
}
