using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.CatchUp;

/// <summary>99th percentiles of puts, in microseconds.</summary>
/// <param name="P99">Of all slices together.</param>
/// <param name="Slices">Of each slice.</param>
internal sealed record SliceFigures(double P99, IReadOnlyList<double> Slices)
{
    public double Worst => Slices.Max();

    public static SliceFigures Of(IReadOnlyList<Result> slices)
    {
        var all = new LatencyHistogram();
        foreach (var slice in slices)
        {
            all.Merge(slice.Histogram!);
        }

        return new SliceFigures(LatencySummary.Of(all).P99, [.. slices.Select(slice => slice.Latency.P99)]);
    }
}
