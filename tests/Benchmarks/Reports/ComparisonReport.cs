using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Krewe.Benchmarks.Reports;

/// <summary>Writes a comparison as a Markdown page and as JSON with every round.</summary>
internal sealed record ComparisonReport(
    IReadOnlyDictionary<string, string> Circumstances, IReadOnlyList<Comparison> Comparisons)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [JsonIgnore]
    public bool HasErrors =>
        Comparisons.Any(comparison => comparison.Reference.Rounds.Concat(comparison.Tested.Rounds).Any(round => round.Errors > 0));

    public string ToMarkdown()
    {
        var text = new StringBuilder("# Benchmark\n\nMedians over the rounds; each round starts each server with an empty data directory.\n\n");
        foreach (var (name, value) in Circumstances)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {name}: {value}\n");
        }

        return text.Append('\n').Append(ToTable()).ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    /// <summary>Writes <paramref name="path"/> with the endings .md and .json.</summary>
    public void Write(string path)
    {
        File.WriteAllText(Path.ChangeExtension(path, ".md"), ToMarkdown());
        File.WriteAllText(Path.ChangeExtension(path, ".json"), ToJson());
    }

    public string ToTable()
    {
        var table = Comparisons.Count == 0
            ? new TextTable("workload", "figure")
            : new TextTable("workload", "figure", Comparisons[0].Reference.Server, Comparisons[0].Tested.Server, "ratio");
        foreach (var comparison in Comparisons)
        {
            AddRows(table, comparison);
        }

        return table.ToString();
    }

    private static void AddRows(TextTable table, Comparison comparison)
    {
        foreach (var figure in Figure.All)
        {
            var reference = comparison.Reference.Median(figure.Value);
            var tested = comparison.Tested.Median(figure.Value);
            if (reference is not null || tested is not null)
            {
                var ratio = reference is > 0 ? tested / reference : null;
                var ratioText = ratio?.ToString("N2", CultureInfo.InvariantCulture) ?? "";
                table.Add(comparison.Workload, figure.Name, figure.Text(reference), figure.Text(tested), ratioText);
            }
        }
    }
}
