using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Watch;

public sealed class LaggingFlowTests
{
    [Fact]
    public async Task A_start_below_a_compaction_that_the_live_flow_has_not_reached_is_refused_behaviour_106()
    {
        await using var rig = new WatchRig(feed: false);
        for (var i = 0; i < 5; i++)
        {
            rig.ApplyPut("a");
        }

        rig.History.Compact(4);
        await using var stream = rig.Hub.OpenStream();
        stream.Create(WatchRig.Watch(1, "a", start: 2));
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(4, (await stream.NextAsync(WatchBatchKind.Compacted)).CompactRevision);
    }
}
