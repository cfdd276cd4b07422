using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

/// <summary>Circumstances that are rare by chance and hard on the keyspace.</summary>
internal static class KeyspaceProfiles
{
    /// <summary>
    /// Leaders that are cut off while they bring entries around one at a time, and come back without having crashed: logs diverge, and
    /// entries that one member lost come back from another.
    /// </summary>
    public static FaultProfile Replacements { get; } = new()
    {
        Partitions = true,
        OneWayCuts = true,
        Campaigns = true,
        MaxMessageBytes = 1,
        MaxInflightMessages = 1,
        LatencyMax = 1500,
        NemesisEveryTicks = 3,
        FaultTicks = 500,
        ThinkUnits = 2 * FaultProfile.TickUnits,
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

    /// <summary>As <see cref="Leases"/>, with leaders that never notice by themselves that nobody follows.</summary>
    public static FaultProfile LeasesWithoutCheckQuorum { get; } = Leases with
    {
        CheckQuorum = false,
        OneWayCuts = false,
        Crashes = false,
        Campaigns = false,
        NemesisEveryTicks = 25,
        Clients = 6,
    };

    /// <summary>Power failures while the real log writes, with slow disks and small segments.</summary>
    public static FaultProfile RealLog { get; } = new()
    {
        RealLog = true,
        Crashes = true,
        Partitions = true,
        CompactEvery = 20,
        Loss = 0.02,
        DiskMax = 1500,
        DiskStall = 0.1,
        NemesisEveryTicks = 5,
        RestartMaxTicks = 10,
        FaultTicks = 400,
        ThinkUnits = FaultProfile.TickUnits,
    };

    /// <summary>Nobody writes a prefix alone, so that its activation learns from others only that it is not the owner any more.</summary>
    public static FaultProfile Spanning { get; } = new()
    {
        SpanningOnly = true,
        Partitions = true,
        Transfers = true,
        NemesisEveryTicks = 8,
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
