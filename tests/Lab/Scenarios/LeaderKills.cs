using Krewe.Lab.Clients;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Scenarios;

/// <summary>The leader is killed and comes back, again and again, under load.</summary>
internal static class LeaderKills
{
    public static Task CheckAsync(ClusterUnderTest cluster) =>
        LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async pause =>
        {
            var leader = await cluster.LeaderAsync();
            await leader.KillAsync();
            await pause();
            cluster.Restart(leader);
            await cluster.WaitUntilHealthyAsync();
        }, end));
}
