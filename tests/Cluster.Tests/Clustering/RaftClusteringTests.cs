using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

public sealed class RaftClusteringTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_silo_joins_publishes_its_member_and_leaves_dead()
    {
        TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        SiloRow row = _cluster.Silos.Current.Rows[silo.Address.ToParsableString()];
        Assert.Equal((SiloRowStatus.Active, 1ul), (row.Status, row.MemberId));
        await silo.DisposeAsync();
        Assert.Equal(SiloRowStatus.Dead, _cluster.Silos.Current.Rows[row.Silo].Status);
    }

    [Fact]
    public async Task A_restart_is_not_held_up_by_earlier_generations_at_other_addresses()
    {
        _cluster.State.AddSilo("127.0.0.1:1@1", SiloRowStatus.Active, memberId: 1, seen: DateTime.UtcNow);
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);

        Assert.Equal(SiloRowStatus.Dead, _cluster.Silos.Current.Rows["127.0.0.1:1@1"].Status);
    }

    [Fact]
    public async Task A_leader_placed_grain_runs_on_the_leaders_silo_and_moves_with_leadership()
    {
        await using TestSilo first = await TestSilo.StartAsync(_cluster, 1);
        await using TestSilo second = await TestSilo.StartAsync(_cluster, 2);
        Assert.Equal(first.Address, await Probe(first).GetSiloAsync());
        Assert.Equal(first.Address, await Probe(second).GetSiloAsync());
        Guid old = await Probe(first).GetActivationAsync();
        Assert.True(_cluster.Directory.IsOwner([], old));

        _cluster.Elect(2);
        Assert.False(_cluster.Directory.IsOwner([], old));
        await Eventually.TrueAsync(async () => (await TryGetSiloAsync(first))?.Equals(second.Address) == true, "the grain moves");
        Assert.Equal(second.Address, await Probe(second).GetSiloAsync());
        Guid current = await Probe(second).GetActivationAsync();
        Assert.True(_cluster.Directory.IsOwner([], current));
        Assert.False(_cluster.Directory.IsOwner([], old));
    }

    [Fact]
    public async Task Activation_waits_for_a_leader_that_is_ready()
    {
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        _cluster.Elect(1, ready: false);
        Task<SiloAddress> call = Probe(silo).GetSiloAsync();
        _cluster.Elect(0);
        Assert.False(call.IsCompleted);
        _cluster.Elect(1);
        Assert.Equal(silo.Address, await call);
    }

    [Fact]
    public async Task Lookups_and_routing_need_no_proposal()
    {
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        await Probe(silo).GetSiloAsync();
        int registered = silo.Member.DirectoryProposals;
        for (int i = 0; i < 100; i++)
        {
            await Probe(silo).GetSiloAsync();
        }

        Assert.Equal(registered, silo.Member.DirectoryProposals);
    }

    [Fact]
    public async Task A_deactivated_grain_is_unregistered_and_comes_back_as_another_activation()
    {
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        Guid first = await Probe(silo).GetActivationAsync();
        await Probe(silo).DeactivateAsync();
        await Eventually.TrueAsync(() => !_cluster.Directory.IsOwner([], first), "the first activation is unregistered");
        Guid second = await Probe(silo).GetActivationAsync();
        Assert.NotEqual(first, second);
        Assert.True(_cluster.Directory.IsOwner([], second));
    }

    [Fact]
    public async Task The_fence_refuses_a_zombie_whose_registration_was_taken_over()
    {
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        Guid zombie = await Probe(silo).GetActivationAsync();
        var pending = new PendingOwners(_cluster.Directory, _cluster.Silos);
        Assert.True(pending.IsOwner([], zombie));
        _cluster.Elect(1);
        Assert.False(pending.IsOwner([], zombie));

        // It goes on running until something tells it; the registration of a new activation does not.
        DirectoryEntry fresh = new(new GrainKey("keyprefix"u8, "root"u8), Guid.NewGuid(), silo.Address.ToParsableString(), 1, true);
        Assert.NotNull(_cluster.State.Apply(DirectoryCommand.Register(fresh, null, _cluster.State.Term)));
        Assert.False(pending.IsOwner([], zombie));
        Assert.True(pending.IsOwner([], fresh.ActivationId));
    }

    [Fact]
    public async Task The_leader_evicts_the_silo_of_a_member_and_its_grains_are_free()
    {
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        _cluster.State.AddSilo("127.0.0.1:2@1", SiloRowStatus.Active, memberId: 2, seen: DateTime.UtcNow);
        DirectoryEntry entry = GrainEntry("127.0.0.1:2@1");
        _cluster.State.Apply(DirectoryCommand.Register(entry, null, 1));
        Assert.True(await silo.Services.GetRequiredService<SiloEvictor>().EvictAsync(2, TestContext.Current.CancellationToken));
        Assert.Equal(SiloRowStatus.Dead, _cluster.Silos.Current.Rows["127.0.0.1:2@1"].Status);
        Assert.Null(_cluster.Directory.Find(entry.Grain));
        Assert.False(await silo.Services.GetRequiredService<SiloEvictor>().EvictAsync(2, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_silos_follow_the_table_without_gossip()
    {
        await using TestSilo silo = await TestSilo.StartAsync(_cluster, 1);
        _cluster.State.AddSilo("127.0.0.1:2@1", SiloRowStatus.Dead, memberId: 2, seen: DateTime.UtcNow);
        var membership = silo.Services.GetRequiredService<IClusterMembershipService>();
        await Eventually.TrueAsync(() => membership.CurrentSnapshot.Version.Value == _cluster.Silos.Current.Version, "the view follows");
    }

    private static DirectoryEntry GrainEntry(string silo) => new(new GrainKey("t"u8, "k"u8), Guid.NewGuid(), silo, 1, false);

    private static ILeaderProbeGrain Probe(TestSilo silo) => silo.Grains.GetGrain<ILeaderProbeGrain>("root");

    private static async Task<SiloAddress?> TryGetSiloAsync(TestSilo silo)
    {
        try
        {
            return await Probe(silo).GetSiloAsync();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return null;
        }
    }
}
