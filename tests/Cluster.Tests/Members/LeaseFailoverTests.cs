using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Leases;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Cluster.Tests.Members;

/// <summary>Leases of several members, through leaders that change.</summary>
public sealed class LeaseFailoverTests
{
    private const long Ttl = 1_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_leader_gives_a_lease_its_full_time_and_the_election_timeout_178()
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        var lease = await cluster[3].Leases.GrantAsync(7, 100, Stop);
        cluster.Log.LeaseTime.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal(0, (await cluster[2].Leases.TimeToLiveAsync(lease.Id, withKeys: false, Stop)).TtlSeconds);
        await ElectAsync(cluster, 2);
        Assert.Equal(100, (await cluster[3].Leases.TimeToLiveAsync(lease.Id, withKeys: false, Stop)).TtlSeconds);
        cluster.Log.LeaseTime.Advance(TimeSpan.FromSeconds(101) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(cluster[2].Member.Clocks.TakeExpired(10));
        cluster.Log.LeaseTime.Advance(TimeSpan.FromMilliseconds(1 + LeaseWheel.TickMilliseconds));
        Assert.Equal([7], cluster[2].Member.Clocks.TakeExpired(10));
        Assert.Empty(cluster[1].Member.Clocks.TakeExpired(10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_keepalive_through_any_member_reaches_the_leader_175(int through)
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[1].Leases.GrantAsync(7, 100, Stop);
        cluster.Log.LeaseTime.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(100, await cluster[through].Leases.KeepAliveAsync(7, Stop));
        Assert.Equal(99, cluster[1].Member.Clocks.RemainingSeconds(7));
        Assert.Equal(0, await cluster[through].Leases.KeepAliveAsync(8, Stop));
        await ElectAsync(cluster, 3);
        cluster.Log.LeaseTime.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(100, await cluster[through].Leases.KeepAliveAsync(7, Stop));
        Assert.Equal(99, cluster[3].Member.Clocks.RemainingSeconds(7));
        Assert.Null(cluster[1].Member.Clocks.RemainingSeconds(7));
    }

    [Fact]
    public async Task A_keepalive_while_there_is_no_leader_waits_for_the_next_one_176()
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[1].Leases.GrantAsync(7, 100, Stop);
        cluster.Log.LoseLeader();
        await Eventually.TrueAsync(() => cluster[2].Member.LeaderId == 0, "the follower knows no leader");
        var renewal = cluster[2].Leases.KeepAliveAsync(7, Stop).AsTask();
        Assert.False(renewal.IsCompleted);
        cluster.Log.Elect(3);
        Assert.Equal(100, await renewal);
    }

    [Fact]
    public async Task A_new_leader_goes_on_with_the_replicated_remaining_time_179()
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[1].Leases.GrantAsync(7, Ttl, Stop);
        await CheckpointAsync(cluster, leader: 1);
        await ElectAsync(cluster, 2);
        Assert.Equal(Ttl - 300, (await cluster[1].Leases.TimeToLiveAsync(7, withKeys: false, Stop)).TtlSeconds);
        Assert.Equal(Ttl, (await cluster[1].Leases.TimeToLiveAsync(7, withKeys: false, Stop)).GrantedTtlSeconds);

        // The second leader's own checkpoint is what the third one finds.
        await CheckpointAsync(cluster, leader: 2);
        await ElectAsync(cluster, 3);
        Assert.Equal(Ttl - 600 + 1, (await cluster[1].Leases.TimeToLiveAsync(7, withKeys: false, Stop)).TtlSeconds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_renewal_has_the_remaining_time_forgotten_before_it_is_answered_179(int through)
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[1].Leases.GrantAsync(7, Ttl, Stop);
        await CheckpointAsync(cluster, leader: 1);
        cluster.Log.HoldCommits();
        var appended = cluster[1].Member.Appended;
        var renewal = cluster[through].Leases.KeepAliveAsync(7, Stop).AsTask();
        await Eventually.TrueAsync(() => renewal.IsCompleted || cluster[1].Member.Appended > appended, "the leader appends");
        Assert.False(renewal.IsCompleted);

        // That entry is lost with its leader, so the time that the new one gives is the old one, and the renewal starts over.
        await ElectAsync(cluster, 2);
        Assert.Equal(Ttl, await renewal);
        await ElectAsync(cluster, 3);
        Assert.Equal(Ttl, (await cluster[1].Leases.TimeToLiveAsync(7, withKeys: false, Stop)).TtlSeconds);
    }

    [Fact]
    public async Task A_lease_that_ran_out_under_the_old_leader_only_lives_on_178()
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[1].Leases.GrantAsync(7, 100, Stop);
        cluster.Log.CutOff(1);
        cluster.Log.LeaseTime.Advance(TimeSpan.FromSeconds(200));
        Assert.Equal([7], cluster[1].Member.Clocks.TakeExpired(10));
        var revoke = cluster[1].Leases.RevokeAsync(7, Stop).AsTask();
        await ElectAsync(cluster, 2);
        Assert.Equal(100, await cluster[3].Leases.KeepAliveAsync(7, Stop));
        Assert.True(cluster[3].Member.State.Leases.Contains(7));
        cluster.Log.Heal(1);

        // Its entry was overwritten, so it is asked of the new leader.
        await revoke;
        Assert.Equal(EtcdError.LeaseNotFound, (await Assert.ThrowsAsync<EtcdException>(() => cluster[2].Leases.RevokeAsync(7, Stop).AsTask())).Error);
    }

    /// <summary>Five minutes pass, and the leader replicates what is left.</summary>
    private static async Task CheckpointAsync(MemberCluster cluster, int leader)
    {
        cluster.Log.LeaseTime.Advance(LeaseLimits.CheckpointInterval);
        await cluster[leader].Services.GetRequiredService<LeaseCheckpointer>().PassAsync();
    }

    private static async Task ElectAsync(MemberCluster cluster, int leader)
    {
        cluster.Log.Elect((ulong)leader);
        await Eventually.TrueAsync(() => cluster[leader].Member.IsReadyLeader, "the new leader is ready");
        await Eventually.TrueAsync(
            () => cluster.Log.Members.All(member => member.IsCutOff || member.LeaderId == (ulong)leader), "all hear of the new leader");
    }
}
