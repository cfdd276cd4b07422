namespace Krewe.Conformance.Engine;

/// <summary>Compares two transcripts line by line, with the declared deviations applied to the reference's.</summary>
internal static class TranscriptDiff
{
    /// <summary>Every difference as readable text; empty when they agree.</summary>
    public static List<string> Compare(IReadOnlyList<TranscriptLine> etcd, IReadOnlyList<TranscriptLine> krewe, IReadOnlyList<Deviation> deviations)
    {
        var differences = new List<string>();
        var used = new HashSet<Deviation>();
        for (var i = 0; i < Math.Max(etcd.Count, krewe.Count); i++)
        {
            var reference = i < etcd.Count ? etcd[i] : new TranscriptLine("(end)", "");
            var actual = i < krewe.Count ? krewe[i] : new TranscriptLine("(end)", "");
            var deviation = deviations.FirstOrDefault(d => d.Label == reference.Label);
            var expected = reference.Text;
            if (deviation is not null)
            {
                used.Add(deviation);
                expected = deviation.Expected(reference.Text);
            }

            if (reference.Label != actual.Label || expected != actual.Text)
            {
                differences.Add(Describe(reference, expected, actual, deviation));
            }
        }

        differences.AddRange(deviations.Where(d => !used.Contains(d)).Select(d => $"a deviation names no line: {d.Label}"));
        return differences;
    }

    private static string Describe(TranscriptLine reference, string expected, TranscriptLine actual, Deviation? deviation)
    {
        var owed = deviation is null ? "" : $"\n  owed  {expected}\n  why   {deviation.Why}";
        var label = reference.Label == actual.Label ? reference.Label : $"{reference.Label} | {actual.Label}";
        return $"[{label}]\n  etcd  {reference.Text}{owed}\n  krewe {actual.Text}";
    }
}
