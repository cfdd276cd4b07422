using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

/// <summary>Mistakes planted around the keyspace: the simulation of the whole keyspace must find each of them.</summary>
public sealed class KeyspaceBugTests(ITestOutputHelper output)
{
    /// <summary>Seeds within which a planted mistake must show.</summary>
    private const int MaxSeeds = 1_000;

    /// <summary>The mistakes in the keyspace's driver, and those of the log's driver that only a state with reads can show.</summary>
    public static TheoryData<SeededBug> Bugs =>
    [
        .. Enum.GetValues<SeededBug>().Where(b => b >= SeededBug.SkipTailFence),
        SeededBug.ReadLocallyOnLeader,
        SeededBug.StaleSnapshotState,
        SeededBug.StateAheadOfItsIndex,
    ];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void The_simulator_of_the_keyspace_catches(SeededBug bug)
    {
        var totals = new SeedTotals();
        (ulong Seed, Exception Failure)? found = SeedRunner.FindFailure(1, MaxSeeds, ProfileFor(bug), bug, totals, isKeyspace: true);
        Assert.True(found is not null, $"{bug} was not found in {totals}, {totals.Keyspace}");
        output.WriteLine($"{bug}: seed {found.Value.Seed} of {totals}: {found.Value.Failure.Message.Split('\n')[0]}");
    }

    private static FaultProfile? ProfileFor(SeededBug bug) => bug switch
    {
        SeededBug.RenewWithoutConfirming => KeyspaceProfiles.LeasesWithoutCheckQuorum,
        SeededBug.KeepLeaseClocksOverTerms or SeededBug.CheckpointsOutliveRenewals => KeyspaceProfiles.Leases,
        SeededBug.EnlistWithoutLooking => KeyspaceProfiles.Spanning,
        SeededBug.LogWithoutSync => KeyspaceProfiles.RealLog,
        _ => null,
    };
}
