using System.Text.Json;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Reports;

namespace Krewe.Benchmarks.Tests.Reports;

public sealed class ComparisonReportTests
{
    private static readonly LatencySummary Latency = new(1, 2, 3, 4, 1.5);

    [Fact]
    public void Ratio_is_that_of_the_medians()
    {
        var report = Create([100, 900, 200], [300, 500, 100, 900], errors: 0);
        // Medians: 200 and 400.
        Assert.Contains("| put      | operations/s        |  200 |   400 |  2.00 |", report.ToTable(), StringComparison.Ordinal);
        Assert.False(report.HasErrors);
    }

    [Fact]
    public void Figures_that_no_round_has_are_left_out() =>
        Assert.DoesNotContain("RSS", Create([1], [1], errors: 0).ToTable(), StringComparison.Ordinal);

    [Fact]
    public void Errors_of_any_round_show() => Assert.True(Create([1], [1, 2], errors: 1).HasErrors);

    [Fact]
    public void Json_keeps_every_round()
    {
        using var json = JsonDocument.Parse(Create([1, 2], [3, 4, 5], errors: 0).ToJson());
        var comparison = json.RootElement.GetProperty("comparisons")[0];
        Assert.Equal(2, comparison.GetProperty("reference").GetProperty("rounds").GetArrayLength());
        Assert.Equal(5, comparison.GetProperty("tested").GetProperty("rounds")[2].GetProperty("perSecond").GetDouble());
    }

    private static ComparisonReport Create(double[] reference, double[] tested, long errors) => new(
        new Dictionary<string, string>(),
        [new Comparison("put", new Side("etcd", Rounds(reference, 0)), new Side("krewe", Rounds(tested, errors)))]);

    private static Result[] Rounds(double[] perSecond, long errors) => Array.ConvertAll(
        perSecond, rate => new Result("put", 10, 1, rate, Latency, null, 3, 0.1, null, errors, null, null, null));
}
