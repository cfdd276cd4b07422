using Krewe.Benchmarks.Failover;

namespace Krewe.Benchmarks.Tests.Failover;

public sealed class FailoverRunnerTests
{
    [Fact]
    public void The_report_has_ratios_of_tested_to_reference()
    {
        var report = FailoverRunner.Report([(Fault.Kill, [new Outage(1000, 500)], [new Outage(500, 750)])], "etcd", "krewe");
        Assert.Matches(@"Kill +\| put p50 ms +\| +1,000 \| +500 \| +0\.50", report);
        Assert.Matches(@"Kill +\| watch gap p99 ms +\| +500 \| +750 \| +1\.50", report);
    }
}
