using Krewe.Benchmarks.CatchUp;

namespace Krewe.Benchmarks.Tests.CatchUp;

public sealed class CatchUpReportTests
{
    [Fact]
    public void Puts_meanwhile_are_set_against_those_before()
    {
        var etcd = new CatchUpFigures(1000, new SliceFigures(200, [100, 300, 200]), new SliceFigures(400, [300, 500]), 0);
        var krewe = new CatchUpFigures(500, new SliceFigures(100, [100, 100]), new SliceFigures(150, [150, 200]), 1);
        string report = CatchUpReport.Of("etcd", etcd, "krewe", krewe);
        Assert.Matches(@"catching up +\| worst slice to normal % +\| +250 \| +200 \| +0\.80", report);
        Assert.Matches(@"catching up +\| p99 to normal % +\| +200 \| +150 \| +0\.75", report);
        Assert.Matches(@"catching up +\| caught up after ms +\| +1,000 \| +500 \| +0\.50", report);
        Assert.Matches(@"both +\| errors +\| +0 \| +1 \|", report);
    }
}
