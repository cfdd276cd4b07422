namespace Krewe.Benchmarks.Measurement;

/// <summary>Percentiles of few samples, by nearest rank: each is one of the samples.</summary>
internal static class Samples
{
    /// <exception cref="BenchmarkException">No samples.</exception>
    public static double Percentile(IEnumerable<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        return sorted.Length > 0
            ? sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)]
            : throw new BenchmarkException("nothing was measured");
    }
}
