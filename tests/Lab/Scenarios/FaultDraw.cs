using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;
using Krewe.Lab.Faults;

namespace Krewe.Lab.Scenarios;

/// <summary>Draws one fault after the other, and heals each before the next.</summary>
/// <param name="past">A revision that nobody asks for any more: compaction may go up to it.</param>
internal sealed class FaultDraw(ClusterUnderTest cluster, LabNetwork network, long past, LongReport report)
{
    private static readonly TimeSpan FdatasyncDelay = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan ClockTakesEffect = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(6);

    public async Task InjectAsync(Random random, Func<Task> pause)
    {
        var leader = await cluster.LeaderAsync();
        var at = cluster.Members.ToList().IndexOf(leader);
        var follower = cluster.Members[(at + 1 + random.Next(cluster.Members.Count - 1)) % cluster.Members.Count];
        List<(string Kind, Func<Task> Inject)> faults =
        [
            ("kill -9 of the leader", () => KillAsync([leader], pause)),
            ("kill -9 of a follower", () => KillAsync([follower], pause)),
            ("kill -9 of all", () => KillAsync([.. cluster.Members], pause)),
            ("SIGTERM", () => TerminateAsync(random.Next(2) == 0 ? leader : follower)),
            ("SIGSTOP of the leader", () => StopAsync(leader, pause)),
            ("SIGSTOP of a follower", () => StopAsync(follower, pause)),
            ("SIGSTOP for long", () => StopAsync(random.Next(2) == 0 ? leader : follower, () => Task.Delay(Standstill, CancellationToken.None))),
            ("leader isolated", () => PartitionAsync(pause, () => network.IsolateAsync(IndexOf(leader)))),
            ("follower isolated", () => PartitionAsync(pause, () => network.IsolateAsync(IndexOf(follower)))),
            ("leader in a minority", () => PartitionAsync(pause, () => network.IsolateAsync(MinorityWith(leader, random)))),
            ("no quorum anywhere", () => PartitionAsync(pause, IsolateAllAsync)),
            ("leader hears nothing", () => PartitionAsync(pause, () => CutAllAsync(leader, isDeaf: true))),
            ("leader is not heard", () => PartitionAsync(pause, () => CutAllAsync(leader, isDeaf: false))),
            ("one link cut", () => PartitionAsync(pause, () => CutLinkAsync(leader, follower))),
            ("slow fdatasync", () => SlowAsync(random.Next(2) == 0 ? leader : follower, pause)),
            ("replacement", () => cluster.ReplaceAsync(random.Next(2) == 0 ? leader : follower)),
            ("move of the leadership", () => MoveAsync(leader, follower)),
            ("defragmentation", () => DefragmentAsync(follower)),
        ];
        if (past > 1)
        {
            faults.Add(("compaction", () => CompactAsync(leader)));
        }

        if (leader.Clock is not null)
        {
            faults.Add(("jump of a wall clock", () => JumpAsync(random.Next(2) == 0 ? leader : follower, random, pause)));
        }

        var (kind, inject) = faults[random.Next(faults.Count)];
        report.Count(kind);
        try
        {
            await inject();
            await cluster.WaitUntilHealthyAsync();
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"after {kind}: {error.Message}", error);
        }
    }

    private int IndexOf(LabMember member) => network.Addresses.ToList().FindIndex(a => a.Namespace == member.Address.Namespace);

    private async Task KillAsync(LabMember[] members, Func<Task> pause)
    {
        await Task.WhenAll(members.Select(m => m.KillAsync()));
        await pause();
        Array.ForEach(members, cluster.Restart);
    }

    private async Task TerminateAsync(LabMember member)
    {
        await member.TerminateAsync();
        cluster.Restart(member);
    }

    private static async Task StopAsync(LabMember member, Func<Task> pause)
    {
        member.Stop();
        try
        {
            await pause();
            await pause();
        }
        finally
        {
            member.Continue();
        }
    }

    private async Task PartitionAsync(Func<Task> pause, Func<Task> cut)
    {
        await cut();
        await pause();
        await pause();
        await pause();
        await network.HealAsync();
    }

    private int[] MinorityWith(LabMember leader, Random random)
    {
        var others = cluster.Members.Where(m => m != leader).ToArray();
        random.Shuffle(others);
        return [IndexOf(leader), .. others.Take(((cluster.Members.Count - 1) / 2) - 1).Select(IndexOf)];
    }

    private async Task IsolateAllAsync()
    {
        foreach (var member in cluster.Members)
        {
            await network.IsolateAsync(IndexOf(member));
        }
    }

    private async Task CutAllAsync(LabMember leader, bool isDeaf)
    {
        foreach (var other in cluster.Members.Where(m => m != leader).Select(IndexOf))
        {
            await (isDeaf ? network.CutAsync(other, IndexOf(leader)) : network.CutAsync(IndexOf(leader), other));
        }
    }

    private async Task CutLinkAsync(LabMember one, LabMember other)
    {
        await network.CutAsync(IndexOf(one), IndexOf(other));
        await network.CutAsync(IndexOf(other), IndexOf(one));
    }

    private static async Task SlowAsync(LabMember member, Func<Task> pause)
    {
        await using var slow = await SlowDisk.AttachAsync(member, FdatasyncDelay);
        await pause();
        await pause();
    }

    // By a second to twelve days, forwards or backwards, and back again.
    private static async Task JumpAsync(LabMember member, Random random, Func<Task> pause)
    {
        var size = TimeSpan.FromSeconds(Math.Pow(10, random.NextDouble() * 6));
        member.Clock!.Set(random.Next(2) == 0 ? size : -size);
        await Task.Delay(ClockTakesEffect, CancellationToken.None);
        await pause();
        await pause();
        member.Clock!.Set(TimeSpan.Zero);
        await Task.Delay(ClockTakesEffect, CancellationToken.None);
    }

    private static async Task MoveAsync(LabMember leader, LabMember follower)
    {
        if (await follower.StatusAsync() is { } status)
        {
            await TryAsync(() => leader.Maintenance.MoveLeaderAsync(new MoveLeaderRequest { TargetID = status.Header.MemberId }, deadline: Deadline()).ResponseAsync);
        }
    }

    private Task CompactAsync(LabMember leader) =>
        TryAsync(() => leader.Kv.CompactAsync(new CompactionRequest { Revision = past, Physical = true }, deadline: Deadline()).ResponseAsync);

    private static Task DefragmentAsync(LabMember member) =>
        TryAsync(() => member.Maintenance.DefragmentAsync(new DefragmentRequest(), deadline: Deadline()).ResponseAsync);

    // Leadership may move at any moment and a revision may be compacted already: the request may be refused then.
    private static async Task TryAsync(Func<Task> request)
    {
        try
        {
            await request();
        }
        catch (RpcException)
        {
            // Judged is what clients see afterwards.
        }
    }

    private static DateTime Deadline() => DateTime.UtcNow.AddSeconds(10);
}
