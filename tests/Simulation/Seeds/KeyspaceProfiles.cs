using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

/// <summary>Circumstances that are rare by chance and hard on the keyspace.</summary>
internal static class KeyspaceProfiles
{
    /// <summary>Leaders that fail while they bring entries around one at a time, so that logs diverge and old entries come back.</summary>
    public static FaultProfile Replacements { get; } = new()
    {
        Crashes = true,
        Partitions = true,
        OneWayCuts = true,
        MaxMessageBytes = 1,
        MaxInflightMessages = 1,
        LatencyMax = 1500,
        NemesisEveryTicks = 4,
        RestartMaxTicks = 10,
        FaultTicks = 500,
        ThinkUnits = FaultProfile.TickUnits,
        PreVote = false,
        CheckQuorum = false,
    };

    /// <summary>Leases that are renewed while leadership moves, also to members that the old leader does not hear of.</summary>
    public static FaultProfile Leases { get; } = new()
    {
        LeaseHeavy = true,
        Late = 0.05,
        LateMax = 60 * FaultProfile.TickUnits,
        Partitions = true,
        OneWayCuts = true,
        Transfers = true,
        Campaigns = true,
        Crashes = true,
        SkewPermille = 45,
        LatencyMax = 1000,
        NemesisEveryTicks = 8,
        RestartMaxTicks = 10,
        FaultTicks = 600,
        ThinkUnits = FaultProfile.TickUnits,
    };

    /// <summary>Members that lag so far that they get the leader's store, while watchers go from one to the other.</summary>
    public static FaultProfile Snapshots { get; } = new()
    {
        Partitions = true,
        Crashes = true,
        CompactEvery = 5,
        Loss = 0.1,
        ApplyMax = 2000,
        NemesisEveryTicks = 10,
        RestartMaxTicks = 30,
        Membership = true,
        FaultTicks = 500,
        ThinkUnits = FaultProfile.TickUnits,
    };
}
