using System.Globalization;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

/// <summary>Histories of the keyspace in chosen circumstances, a few each.</summary>
public sealed class KeyspaceFocusTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 40;

    [Fact]
    public void Replaced_entries() => Run(KeyspaceProfiles.Replacements);

    [Fact]
    public void Leases_over_changes_of_leader() => Run(KeyspaceProfiles.Leases);

    [Fact]
    public void Leases_without_check_quorum() => Run(KeyspaceProfiles.LeasesWithoutCheckQuorum);

    [Fact]
    public void Power_failures_over_the_real_log() => Run(KeyspaceProfiles.RealLog);

    [Fact]
    public void Nothing_but_writes_over_two_prefixes() => Run(KeyspaceProfiles.Spanning);

    [Fact]
    public void Watches_over_snapshots() => Run(KeyspaceProfiles.Snapshots);

    private void Run(FaultProfile profile)
    {
        string? configured = Environment.GetEnvironmentVariable("KREWE_SEEDS");
        int count = configured is null ? DefaultSeeds : int.Parse(configured, CultureInfo.InvariantCulture);
        ulong first = ulong.Parse(Environment.GetEnvironmentVariable("KREWE_FIRST_SEED") ?? "1", CultureInfo.InvariantCulture);
        var totals = new SeedTotals();
        (ulong Seed, Exception Failure)? found = SeedRunner.FindFailure(first, count, profile, SeededBug.None, totals, isKeyspace: true);
        output.WriteLine($"{totals}, {totals.Keyspace}");
        Assert.True(found is null, $"seed {found?.Seed} fails: {found?.Failure}");
        Assert.Equal(count, totals.Histories);
    }
}
