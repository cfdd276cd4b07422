using Krewe.Benchmarks.Failover;

namespace Krewe.Benchmarks.Tests.Failover;

public sealed class OutageSummaryTests
{
    [Theory]
    [InlineData(0.5, 3)]
    [InlineData(0.99, 5)]
    [InlineData(0.0, 1)]
    public void A_percentile_is_one_of_the_samples(double share, double expected) =>
        Assert.Equal(expected, OutageSummary.Percentile([5, 1, 4, 2, 3], share));

    [Fact]
    public void Without_samples_there_is_none() => Assert.Throws<BenchmarkException>(() => OutageSummary.Percentile([], 0.5));

    [Fact]
    public void The_report_has_ratios_of_tested_to_reference()
    {
        var report = FailoverRunner.Report([(Fault.Kill, [new Outage(1000, 500)], [new Outage(500, 750)])], "etcd", "krewe");
        Assert.Matches(@"Kill +\| put p50 ms +\| +1,000 \| +500 \| +0\.50", report);
        Assert.Matches(@"Kill +\| watch gap p99 ms +\| +500 \| +750 \| +1\.50", report);
    }
}
