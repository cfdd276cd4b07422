using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Reports;

/// <summary>All rounds of one workload on one server.</summary>
internal sealed record Side(string Server, IReadOnlyList<Result> Rounds)
{
    /// <summary>The median of a figure over the rounds; null if no round has it.</summary>
    public double? Median(Func<Result, double?> figure)
    {
        var sorted = Rounds.Select(figure).OfType<double>().Order().ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
