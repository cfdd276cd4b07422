using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

/// <summary>The simulator is worth nothing unless it finds mistakes: each of these is planted and must be found.</summary>
public sealed class SeededBugTests(ITestOutputHelper output)
{
    /// <summary>Seeds within which a planted mistake must show.</summary>
    private const int MaxSeeds = 6_000;

    public static TheoryData<SeededBug> Bugs => [.. Enum.GetValues<SeededBug>().Where(b => b is > SeededBug.None and < SeededBug.SkipTailFence)];

    /// <summary>The circumstances that a mistake needs, where drawing them by chance would take too long.</summary>
    private static FaultProfile? ProfileFor(SeededBug bug) => bug switch
    {
        // Raft paper figure 8: leaders that fail while they bring old entries around, one at a time.
        SeededBug.CommitEarlierTerms => new FaultProfile
        {
            Crashes = true,
            Partitions = true,
            MaxMessageBytes = 1,
            MaxInflightMessages = 1,
            LatencyMax = 1500,
            NemesisEveryTicks = 5,
            FaultTicks = 500,
            ThinkUnits = FaultProfile.TickUnits,
            PreVote = false,
            CheckQuorum = false,
        },
        SeededBug.LeaseDuringTransfer => new FaultProfile
        {
            LeaseReads = true,
            Transfers = true,
            Partitions = true,
            LatencyMax = 2000,
            Late = 0.05,
            NemesisEveryTicks = 4,
            Keys = 1,
            Clients = 6,
            ThinkUnits = FaultProfile.TickUnits,
        },
        SeededBug.ForgetVoteAtRestart => new FaultProfile
        {
            Crashes = true,
            Campaigns = true,
            RestartMaxTicks = 1,
            PreVote = false,
            CheckQuorum = false,
            NemesisEveryTicks = 1,
        },

        // Campaigns right after quick restarts, while the old leader is cut off.
        SeededBug.VoteAfterRestart => new FaultProfile
        {
            LeaseReads = true,
            Crashes = true,
            Partitions = true,
            Campaigns = true,
            RestartMaxTicks = 1,
            PreVote = false,
            NemesisEveryTicks = 1,
            Keys = 1,
            Clients = 6,
            ThinkUnits = FaultProfile.TickUnits,
        },
        _ => null,
    };

    [Theory]
    [MemberData(nameof(Bugs))]
    public void The_simulator_catches(SeededBug bug)
    {
        var totals = new SeedTotals();
        (ulong Seed, Exception Failure)? found = SeedRunner.FindFailure(1, MaxSeeds, ProfileFor(bug), bug, totals);
        Assert.True(found is not null, $"{bug} was not found in {totals}");
        output.WriteLine($"{bug}: seed {found.Value.Seed} of {totals}: {found.Value.Failure.Message.Split('\n')[0]}");
    }
}
