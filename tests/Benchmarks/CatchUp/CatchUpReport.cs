using System.Globalization;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Reports;

namespace Krewe.Benchmarks.CatchUp;

/// <summary>A table of both servers' figures and their ratios (tested / reference).</summary>
internal static class CatchUpReport
{
    public static string Of(string reference, CatchUpFigures of, string tested, CatchUpFigures against)
    {
        var table = new TextTable("puts", "figure", reference, tested, "ratio");
        Add(table, "normal", "p99 µs, median slice", Median(of.NormalP99), Median(against.NormalP99));
        Add(table, "normal", "p99 µs, worst slice", of.NormalP99.Max(), against.NormalP99.Max());
        Add(table, "catching up", "p99 µs, median slice", Median(of.DuringP99), Median(against.DuringP99));
        Add(table, "catching up", "p99 µs, worst slice", of.DuringP99.Max(), against.DuringP99.Max());
        Add(table, "catching up", "median p99 to normal %", 100 * Median(of.DuringP99) / Median(of.NormalP99), 100 * Median(against.DuringP99) / Median(against.NormalP99));
        Add(table, "catching up", "worst p99 to normal %", 100 * of.DuringP99.Max() / Median(of.NormalP99), 100 * against.DuringP99.Max() / Median(against.NormalP99));
        Add(table, "catching up", "slices", of.DuringP99.Count, against.DuringP99.Count);
        Add(table, "catching up", "caught up after ms", of.Milliseconds, against.Milliseconds);
        Add(table, "both", "errors", of.Errors, against.Errors);
        return table.ToString();
    }

    private static double Median(IEnumerable<double> samples) => Samples.Percentile(samples, 0.5);

    private static void Add(TextTable table, string when, string figure, double of, double against) => table.Add(
        when,
        figure,
        of.ToString("N0", CultureInfo.InvariantCulture),
        against.ToString("N0", CultureInfo.InvariantCulture),
        of == 0 ? "" : (against / of).ToString("N2", CultureInfo.InvariantCulture));
}
