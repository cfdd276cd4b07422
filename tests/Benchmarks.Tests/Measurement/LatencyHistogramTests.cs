using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Tests.Measurement;

public sealed class LatencyHistogramTests
{
    private const double Resolution = 1.0 / 128;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Percentiles_match_a_sorted_list_within_the_resolution(int seed)
    {
        var random = new Random(seed);
        var values = new long[20_000];
        var histogram = new LatencyHistogram();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (long)Math.Exp(random.NextDouble() * 25);
            histogram.Record(values[i]);
        }

        Array.Sort(values);
        foreach (var share in new[] { 0.001, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Percentile(share), exact, exact * (1 + Resolution));
        }

        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values.Average(), histogram.Mean, values.Average() * 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(long.MaxValue)]
    public void Bounds_of_buckets_are_recorded(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(value);
        Assert.Equal(value, histogram.Percentile(0.5));
    }

    [Fact]
    public void Merging_equals_recording_in_one()
    {
        var (first, second, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var i = 1; i <= 1000; i++)
        {
            (i % 3 == 0 ? first : second).Record(i * 977);
            both.Record(i * 977);
        }

        first.Merge(second);
        Assert.Equal(both.Count, first.Count);
        Assert.Equal(LatencySummary.Of(both), LatencySummary.Of(first));
    }

    [Fact]
    public void Negative_counts_as_zero_and_empty_is_zero()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.Percentile(0.99));
        histogram.Record(-5);
        Assert.Equal(0, histogram.Percentile(0.99));
        Assert.Equal(1, histogram.Count);
    }
}
