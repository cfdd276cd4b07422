using Krewe.Lab.Clients;
using Krewe.Lab.Engine;
using Krewe.Lab.Faults;

namespace Krewe.Lab.Scenarios;

/// <summary>Faults of processes and their disks.</summary>
public sealed class ProcessFaultTests
{
    private static readonly TimeSpan FdatasyncDelay = TimeSpan.FromMilliseconds(60);

    [Theory]
    [InlineData(ServerKind.Krewe, 3)]
    [InlineData(ServerKind.Krewe, 5)]
    [InlineData(ServerKind.Etcd, 3)]
    [InlineData(ServerKind.Etcd, 5)]
    public async Task The_leader_is_killed_hard_and_comes_back(ServerKind kind, int size)
    {
        LabSettings.Require(kind, byDefault: size == 3);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, size);
        await LeaderKills.CheckAsync(cluster);
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task All_members_are_killed_hard_at_once(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async pause =>
        {
            await Task.WhenAll(cluster.Members.Select(m => m.KillAsync()));
            foreach (var member in cluster.Members)
            {
                cluster.Restart(member);
            }

            await cluster.WaitUntilHealthyAsync();
            await pause();
        }, end));
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task Members_restart_one_after_the_other(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        var next = 0;
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async _ =>
        {
            var member = cluster.Members[next++ % cluster.Members.Count];
            await member.TerminateAsync();
            cluster.Restart(member);
            await cluster.WaitUntilHealthyAsync();
        }, end));
    }

    [Theory]
    [InlineData(ServerKind.Krewe, 3)]
    [InlineData(ServerKind.Krewe, 5)]
    [InlineData(ServerKind.Etcd, 3)]
    [InlineData(ServerKind.Etcd, 5)]
    public async Task The_leader_is_stopped_and_goes_on_later(ServerKind kind, int size)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, size);
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async pause =>
        {
            var leader = await cluster.LeaderAsync();
            leader.Stop();
            try
            {
                // Longer than an election, so that what wakes up believes in a term that is over.
                await cluster.LeaderAsync();
                await pause();
            }
            finally
            {
                leader.Continue();
            }

            await pause();
        }, end));
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task Members_are_replaced_by_empty_ones(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async _ =>
        {
            await cluster.ReplaceAsync(cluster.Members[random.Next(cluster.Members.Count)]);
            await cluster.WaitUntilHealthyAsync();
        }, end));
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task The_disk_of_a_member_is_slow(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async pause =>
        {
            var member = random.Next(2) == 0 ? await cluster.LeaderAsync() : cluster.Members[random.Next(cluster.Members.Count)];
            await using var slow = await SlowDisk.AttachAsync(member, FdatasyncDelay);
            await pause();
        }, end));
    }
}
