using System.Text;

namespace Krewe.Benchmarks.Reports;

/// <summary>A Markdown table whose columns are padded, so that it reads well on a console too.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <param name="cells">As many as there are headings.</param>
    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = headings.Select((heading, i) => _rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        var text = new StringBuilder();
        AppendRow(text, headings, widths);
        // The first columns are names, the others numbers.
        var rules = widths.Select((width, i) => i < 2 ? new string('-', width) : new string('-', width - 1) + ':').ToArray();
        AppendRow(text, rules, widths);
        _rows.ForEach(row => AppendRow(text, row, widths));
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, i) => i < 2 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
        text.Append("| ").AppendJoin(" | ", padded).Append(" |\n");
    }
}
