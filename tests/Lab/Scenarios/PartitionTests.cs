using Krewe.Lab.Clients;
using Krewe.Lab.Engine;
using Krewe.Lab.Faults;

namespace Krewe.Lab.Scenarios;

/// <summary>Partitions by network namespaces. Clients reach every member throughout, also the cut off ones.</summary>
public sealed class PartitionTests
{
    [Theory]
    [InlineData(ServerKind.Krewe, 3)]
    [InlineData(ServerKind.Krewe, 5)]
    [InlineData(ServerKind.Etcd, 3)]
    [InlineData(ServerKind.Etcd, 5)]
    public async Task The_leader_is_alone(ServerKind kind, int size)
    {
        LabSettings.Require(kind, byDefault: size == 3);
        await RunAsync(kind, size, (network, leader, _) => network.IsolateAsync(leader));
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task A_minority_of_two_with_the_leader_is_cut_off(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await RunAsync(kind, 5, (network, leader, random) => network.IsolateAsync(leader, (leader + 1 + random.Next(4)) % 5));
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task A_follower_is_cut_off(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await RunAsync(kind, 3, (network, leader, random) => network.IsolateAsync((leader + 1 + random.Next(2)) % 3));
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task The_leader_sends_but_hears_nothing(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await RunAsync(kind, 3, async (network, leader, _) =>
        {
            await network.CutAsync((leader + 1) % 3, leader);
            await network.CutAsync((leader + 2) % 3, leader);
        });
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task A_follower_and_the_leader_lose_their_link_only(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await RunAsync(kind, 3, async (network, leader, random) =>
        {
            var follower = (leader + 1 + random.Next(2)) % 3;
            await network.CutAsync(leader, follower);
            await network.CutAsync(follower, leader);
        });
    }

    private static async Task RunAsync(ServerKind kind, int size, Func<LabNetwork, int, Random, Task> partition)
    {
        await using var network = await LabNetwork.CreateAsync(size);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, network.Addresses);
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async pause =>
        {
            var leader = await cluster.LeaderAsync();
            await partition(network, cluster.Members.ToList().IndexOf(leader), random);
            // Long enough that a leader without a quorum notices and another is elected.
            await pause();
            await pause();
            await network.HealAsync();
            await pause();
        }, end));
    }
}
