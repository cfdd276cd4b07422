namespace Krewe.Conformance.Cases;

/// <summary>Which behaviours have a case, which are shown elsewhere and which are left out, and why.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Every_behaviour_in_scope_has_a_case_or_a_reason()
    {
        var covered = CaseCatalogue.All.Values.SelectMany(c => c.Behaviours).Where(InScope).ToHashSet();
        var elsewhere = Exclusions.ShownElsewhere.Keys.ToHashSet();
        var excluded = Exclusions.Reasons.Keys.ToHashSet();
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"in scope: {Numbers.Count()}, with a conformance case: {covered.Count}, shown by other tests: {elsewhere.Except(covered).Count()}, left out: {excluded.Count}");
        foreach (var (number, reason) in Exclusions.Reasons)
        {
            output?.WriteLine($"B{number}: {reason}");
        }

        Assert.DoesNotContain(Numbers, n => !covered.Contains(n) && !elsewhere.Contains(n) && !excluded.Contains(n));
        Assert.DoesNotContain(excluded, covered.Contains);
        Assert.All(excluded.Concat(elsewhere), n => Assert.True(InScope(n), $"B{n} is out of scope anyway"));
    }

    /// <summary>Sections 1-9 and 12-16 of the specification.</summary>
    private static IEnumerable<int> Numbers => Enumerable.Range(1, 360).Where(InScope);

    private static bool InScope(int behaviour) => behaviour is (>= 1 and <= 235) or (>= 290 and <= 360);
}
