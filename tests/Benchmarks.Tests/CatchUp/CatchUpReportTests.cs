using Krewe.Benchmarks.CatchUp;

namespace Krewe.Benchmarks.Tests.CatchUp;

public sealed class CatchUpReportTests
{
    [Fact]
    public void The_worst_slice_is_set_against_the_usual_one_before()
    {
        var etcd = new CatchUpFigures(1000, [100, 300, 200], [400, 500], 0);
        var krewe = new CatchUpFigures(500, [100, 100, 100], [150, 200], 1);
        string report = CatchUpReport.Of("etcd", etcd, "krewe", krewe);
        Assert.Matches(@"catching up +\| worst p99 to normal % +\| +250 \| +200 \| +0\.80", report);
        Assert.Matches(@"catching up +\| caught up after ms +\| +1,000 \| +500 \| +0\.50", report);
        Assert.Matches(@"both +\| errors +\| +0 \| +1 \|", report);
    }
}
