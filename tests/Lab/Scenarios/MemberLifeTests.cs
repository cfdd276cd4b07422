using System.Diagnostics;
using Krewe.Lab.Clients;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Scenarios;

/// <summary>What a member goes through between its start and its end.</summary>
public sealed class MemberLifeTests
{
    private const int BalancedClients = 8;

    /// <summary>Longer than the others wait before they declare a silo dead.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(10);

    /// <summary>A cluster stops in half a second on a machine that does nothing else; waiting for a quorum that is gone would take ten.</summary>
    private static readonly TimeSpan StopAllLimit = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(ServerKind.Krewe, true)]
    [InlineData(ServerKind.Krewe, false)]
    [InlineData(ServerKind.Etcd, true)]
    [InlineData(ServerKind.Etcd, false)]
    public async Task A_member_that_stood_still_for_long_serves_again_as_the_same_process(ServerKind kind, bool isLeader)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        await LabRun.CheckAsync(cluster, async (_, _) =>
        {
            var leader = await cluster.LeaderAsync();
            var member = isLeader ? leader : cluster.Other(leader);
            var others = cluster.Members.Where(m => m != member).ToArray();
            await using var watch = await SteadyWatch.OpenAsync(others[0]);
            await watch.CheckAsync(member);
            var pid = member.Pid;
            member.Stop();
            try
            {
                await cluster.LeaderAsync();
                await watch.CheckAsync(others[1]);
                await Task.Delay(Standstill, CancellationToken.None);
            }
            finally
            {
                member.Continue();
            }

            await cluster.WaitUntilHealthyAsync();
            await watch.CheckAsync(member);
            Assert.True(member.IsRunning);
            Assert.Equal(pid, member.Pid);
        });
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task A_rolling_restart_under_load_loses_no_request(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        BalancedClient[] clients = [.. Enumerable.Range(0, BalancedClients).Select(i => new BalancedClient(i, cluster.Members))];
        using var end = new CancellationTokenSource();
        var running = Task.WhenAll(clients.Select(c => c.RunAsync(end.Token)));
        try
        {
            foreach (var member in cluster.Members)
            {
                await member.TerminateAsync();
                cluster.Restart(member);
                await cluster.WaitUntilHealthyAsync();
            }
        }
        finally
        {
            await end.CancelAsync();
            await running;
        }

        var errors = string.Join('\n', clients.SelectMany(c => c.Errors).GroupBy(e => e.Key).Select(g => $"{g.Sum(e => e.Value)} times {g.Key}"));
        var answered = clients.Sum(c => c.Answered);
        foreach (var client in clients)
        {
            client.Dispose();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{answered} requests answered, {clients.Sum(c => c.Repeated)} repeated; errors: {(errors.Length == 0 ? "none" : errors)}");
        Assert.True(answered > 100, $"only {answered} requests were answered: nothing was tested");
        Assert.True(errors.Length == 0 || kind == ServerKind.Etcd, $"{answered} requests answered, but\n{errors}\n{cluster.Logs()}");
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task All_members_stop_at_once_without_waiting_for_each_other(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        await (await cluster.LeaderAsync()).Kv.PutAsync(Requests.Put("/stop", "all"), deadline: DateTime.UtcNow.AddSeconds(10));
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(cluster.Members.Select(m => m.TerminateAsync()));
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (kind == ServerKind.Krewe)
        {
            // etcd waits for its request timeout.
            Assert.True(elapsed < StopAllLimit, $"it took {elapsed}\n{cluster.Logs()}");
            // Orleans logs an error of its own now and then when a silo beside it goes first; nothing may be worse than that.
            var errors = string.Join('\n', cluster.Members.SelectMany(m => m.LoggedErrors()));
            TestContext.Current.TestOutputHelper?.WriteLine($"stopped in {elapsed}; errors logged: {(errors.Length == 0 ? "none" : errors)}");
            Assert.DoesNotContain(errors.Split('\n'), line => line.Length > 0 && !line.Contains("\"caller\":\"Orleans.", StringComparison.Ordinal));
        }

        foreach (var member in cluster.Members)
        {
            cluster.Restart(member);
        }

        await cluster.WaitUntilHealthyAsync();
    }

    [Theory]
    [InlineData(ServerKind.Krewe, true)]
    [InlineData(ServerKind.Krewe, false)]
    [InlineData(ServerKind.Etcd, true)]
    [InlineData(ServerKind.Etcd, false)]
    public async Task A_removed_member_ends_by_itself(ServerKind kind, bool wasUp)
    {
        LabSettings.Require(kind, byDefault: false);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, 3);
        var member = cluster.Other(await cluster.LeaderAsync());
        if (!wasUp)
        {
            await member.KillAsync();
        }

        await cluster.RemoveAsync(member);
        if (!wasUp)
        {
            // Nobody sends it the log any more: it has to hear of it in another way.
            cluster.Restart(member);
        }

        await member.ExitAsync();
        Assert.Contains("the member has been permanently removed from the cluster", member.LogTail(), StringComparison.Ordinal);
        Assert.Contains("data-dir used by this member must be removed", member.LogTail(), StringComparison.Ordinal);
    }
}
