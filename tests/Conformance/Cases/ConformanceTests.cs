using System.Text.RegularExpressions;
using Krewe.Conformance.Engine;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Krewe.Conformance.Cases;

/// <summary>Runs every case against real etcd and Krewe and compares the answers field by field.</summary>
public sealed class ConformanceTests(SharedServers servers)
{
    public static IEnumerable<TheoryDataRow<string>> Titles =>
        CaseCatalogue.All.Keys.Where(IsChosen).Select(title => new TheoryDataRow<string>(title) { TestDisplayName = title });

    /// <summary>With KREWE_CASES, a regular expression, only the cases whose titles it matches.</summary>
    private static bool IsChosen(string title) =>
        Environment.GetEnvironmentVariable("KREWE_CASES") is not { Length: > 0 } pattern || Regex.IsMatch(title, pattern);

    [Theory]
    [MemberData(nameof(Titles))]
    public Task Krewe_answers_as_etcd_does(string title) => CaseRunner.RunAsync(CaseCatalogue.All[title], servers);
}
