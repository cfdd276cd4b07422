using System.Diagnostics;
using Krewe.Lab.Clients;
using Krewe.Lab.Engine;
using Krewe.Lab.Faults;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Scenarios;

/// <summary>
/// Members that need a snapshot, because the log of the others is kept short. What is looked for in members' logs is Krewe's own text, so
/// these run on Krewe only.
/// </summary>
public sealed class SnapshotTests
{
    private const string Receiving = "receiving the snapshot at index";
    private const string Installed = "installed the leader's snapshot at index";
    private const string Finished = "finished the installation of a snapshot";
    private const ulong FarBehind = 600;
    private const int LargeValues = 400;
    private const int LargeValueBytes = 64 << 10;
    private static readonly string[] ShortLogs = ["--snapshot-count=100", "--snapshot-catchup-entries=20"];
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_member_that_was_away_for_longer_than_the_log_reaches_catches_up()
    {
        await using var cluster = await StartAsync();
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async _ =>
        {
            var member = await KillUntilFarBehindAsync(cluster);
            await RequireInstallsAsync(cluster, member);
        }, end));
    }

    [Fact]
    public async Task A_member_that_was_cut_off_for_longer_than_the_log_reaches_catches_up()
    {
        await using var network = await LabNetwork.CreateAsync(3);
        await using var cluster = await ClusterUnderTest.StartAsync(ServerKind.Krewe, network.Addresses, ShortLogs);
        await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async _ =>
        {
            var leader = await cluster.LeaderAsync();
            var member = cluster.Other(leader);
            var installed = member.Logged(Installed);
            await network.IsolateAsync(cluster.Members.ToList().IndexOf(member));
            await AdvanceAsync(leader);
            await network.HealAsync();
            await UntilAsync(() => member.Logged(Installed) > installed || !member.IsRunning);
            if (!member.IsRunning)
            {
                // Away for so long that the others gave its silo up.
                cluster.Restart(member);
            }

            await cluster.WaitUntilHealthyAsync();
        }, end));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_member_joins_when_the_log_does_not_begin_at_its_beginning_any_more(bool isLearner)
    {
        await using var cluster = await StartAsync();
        LabMember? added = null;
        await LabRun.CheckAsync(cluster, async (_, _) =>
        {
            await AdvanceAsync(await cluster.LeaderAsync());
            added = await cluster.AddEmptyAsync(isLearner);
            await cluster.WaitUntilHealthyAsync();
        });
        Assert.True(added!.Logged(Installed) > 0, "the log alone was enough: nothing was tested");
    }

    [Fact]
    public async Task The_receiver_is_killed_again_and_again_while_it_receives_and_installs()
    {
        const int Kills = 8;
        await using var cluster = await StartAsync();
        var before = await FillAsync(cluster);
        await LabRun.CheckAsync(cluster, async (random, _) =>
        {
            var member = await KillUntilFarBehindAsync(cluster);
            for (var kill = 0; kill < Kills; kill++)
            {
                var receiving = member.Logged(Receiving);
                cluster.Restart(member);
                var leader = await cluster.LeaderAsync();
                var target = (await leader.StatusAsync())?.RaftAppliedIndex ?? 0;

                // One that was killed after it installed the snapshot may go on from the log, which is kept for it for a while.
                await UntilAsync(async () => member.Logged(Receiving) > receiving || (await member.StatusAsync())?.RaftAppliedIndex >= target);
                await Task.Delay(random.Next(600), CancellationToken.None);
                await member.KillAsync();
                await AdvanceAsync(leader);
            }

            cluster.Restart(member);
            await cluster.WaitUntilHealthyAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{member.Logged(Receiving)} transfers, {member.Logged(Installed)} installations, {member.Logged(Finished)} finished at start");
            Assert.True(member.Logged(Receiving) > 1, "no transfer was interrupted");
        }, before);
    }

    [Fact]
    public async Task The_sender_is_killed_while_it_sends()
    {
        await using var cluster = await StartAsync();
        var before = await FillAsync(cluster);
        await LabRun.CheckAsync(cluster, async (random, _) =>
        {
            var member = await KillUntilFarBehindAsync(cluster);
            var receiving = member.Logged(Receiving);
            var installed = member.Logged(Installed);
            cluster.Restart(member);
            await UntilAsync(() => member.Logged(Receiving) > receiving);
            await Task.Delay(random.Next(200), CancellationToken.None);
            var leader = await cluster.LeaderAsync();
            await leader.KillAsync();
            cluster.Restart(leader);
            await UntilAsync(() => member.Logged(Installed) > installed);
            await cluster.WaitUntilHealthyAsync();
        }, before);
    }

    private static Task<ClusterUnderTest> StartAsync()
    {
        LabSettings.Require(ServerKind.Krewe, byDefault: true);
        return ClusterUnderTest.StartAsync(ServerKind.Krewe, 3, ShortLogs);
    }

    private static async Task<LabMember> KillUntilFarBehindAsync(ClusterUnderTest cluster)
    {
        var leader = await cluster.LeaderAsync();
        var member = cluster.Other(leader);
        await member.KillAsync();
        await AdvanceAsync(leader);
        return member;
    }

    /// <summary>Waits until the clients have written so much that the log of now is released.</summary>
    private static async Task AdvanceAsync(LabMember member)
    {
        ulong? start = null;
        ulong now = 0;
        await UntilAsync(async () =>
        {
            now = (await member.StatusAsync())?.RaftAppliedIndex ?? now;
            start ??= now == 0 ? null : now;
            return now >= start + FarBehind;
        });
    }

    private static async Task RequireInstallsAsync(ClusterUnderTest cluster, LabMember member)
    {
        var installed = member.Logged(Installed);
        cluster.Restart(member);
        await UntilAsync(() => member.Logged(Installed) > installed);
        await cluster.WaitUntilHealthyAsync();
    }

    /// <summary>So much data that a transfer takes a while.</summary>
    private static async Task<IReadOnlyList<Operation>> FillAsync(ClusterUnderTest cluster)
    {
        var leader = await cluster.LeaderAsync();
        var random = new Random(LabSettings.Seed);
        var written = new List<Operation>();
        for (var i = 0; i < LargeValues; i++)
        {
            var operation = new Operation
            {
                Kind = OperationKind.Put,
                Key = $"/ballast/{i}",
                Value = Incompressible(random),
                InvokedAt = Stopwatch.GetTimestamp(),
            };
            var put = await leader.Kv.PutAsync(Requests.Put(operation.Key, operation.Value));
            written.Add(operation with { Acknowledged = true, ReturnedAt = Stopwatch.GetTimestamp(), Revision = put.Header.Revision });
        }

        return written;
    }

    private static string Incompressible(Random random)
    {
        var bytes = new byte[LargeValueBytes * 3 / 4];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(StepLimit);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"it did not come to it within {StepLimit}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
