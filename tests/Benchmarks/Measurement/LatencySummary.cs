namespace Krewe.Benchmarks.Measurement;

/// <summary>Percentiles of a histogram, in microseconds.</summary>
internal sealed record LatencySummary(double P50, double P99, double P999, double Max, double Mean)
{
    private const double NanosecondsPerMicrosecond = 1000;

    public static LatencySummary Of(LatencyHistogram histogram) => new(
        histogram.Percentile(0.5) / NanosecondsPerMicrosecond,
        histogram.Percentile(0.99) / NanosecondsPerMicrosecond,
        histogram.Percentile(0.999) / NanosecondsPerMicrosecond,
        histogram.Max / NanosecondsPerMicrosecond,
        histogram.Mean / NanosecondsPerMicrosecond);
}
