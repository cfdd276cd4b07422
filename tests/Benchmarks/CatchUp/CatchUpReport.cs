using System.Globalization;
using Krewe.Benchmarks.Reports;

namespace Krewe.Benchmarks.CatchUp;

/// <summary>A table of both servers' figures and their ratios (tested / reference).</summary>
internal static class CatchUpReport
{
    public static string Of(string reference, CatchUpFigures of, string tested, CatchUpFigures against)
    {
        var table = new TextTable("puts", "figure", reference, tested, "ratio");
        Add(table, "normal", "p99 µs", of.Normal.P99, against.Normal.P99);
        Add(table, "normal", "p99 µs, worst slice", of.Normal.Worst, against.Normal.Worst);
        Add(table, "catching up", "p99 µs", of.During.P99, against.During.P99);
        Add(table, "catching up", "p99 µs, worst slice", of.During.Worst, against.During.Worst);
        Add(table, "catching up", "p99 to normal %", Percent(of.During.P99, of), Percent(against.During.P99, against));
        Add(table, "catching up", "worst slice to normal %", Percent(of.During.Worst, of), Percent(against.During.Worst, against));
        Add(table, "catching up", "slices", of.During.Slices.Count, against.During.Slices.Count);
        Add(table, "catching up", "caught up after ms", of.Milliseconds, against.Milliseconds);
        Add(table, "both", "errors", of.Errors, against.Errors);
        return table.ToString();
    }

    private static double Percent(double p99, CatchUpFigures figures) => 100 * p99 / figures.Normal.P99;

    private static void Add(TextTable table, string when, string figure, double of, double against) => table.Add(
        when,
        figure,
        of.ToString("N0", CultureInfo.InvariantCulture),
        against.ToString("N0", CultureInfo.InvariantCulture),
        of == 0 ? "" : (against / of).ToString("N2", CultureInfo.InvariantCulture));
}
