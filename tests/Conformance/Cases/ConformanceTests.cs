using Krewe.Conformance.Engine;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Krewe.Conformance.Cases;

/// <summary>Runs every case against real etcd and Krewe and compares the answers field by field.</summary>
public sealed class ConformanceTests(SharedServers servers)
{
    public static IEnumerable<TheoryDataRow<string>> Titles =>
        CaseCatalogue.All.Keys.Select(title => new TheoryDataRow<string>(title) { TestDisplayName = title });

    [Theory]
    [MemberData(nameof(Titles))]
    public Task Krewe_answers_as_etcd_does(string title) => CaseRunner.RunAsync(CaseCatalogue.All[title], servers);
}
