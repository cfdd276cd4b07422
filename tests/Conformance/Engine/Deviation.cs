namespace Krewe.Conformance.Engine;

/// <summary>
/// A line in which the reference etcd's version is not what Krewe owes: v3.7.1 is right there. Krewe is then compared with
/// what <paramref name="Expected"/> makes of the reference's line.
/// </summary>
/// <param name="Label">Label of the transcript line.</param>
/// <param name="Why">Which version is right and the behaviour's number.</param>
/// <param name="Expected">From the reference's line to Krewe's.</param>
internal sealed record Deviation(string Label, string Why, Func<string, string> Expected)
{
    /// <summary>Krewe's line is given outright.</summary>
    public static Deviation Exactly(string label, string why, string expected) => new(label, why, _ => expected);
}
