namespace Krewe.Simulation.Engine;

/// <summary>Which faults a history has and how much of them. Drawn per seed: few at a time find more than all at once.</summary>
internal sealed record FaultProfile
{
    public const int TickUnits = 1000;

    public double Loss { get; init; }

    public double Duplicate { get; init; }

    public int LatencyMin { get; init; } = 50;

    public int LatencyMax { get; init; } = 400;

    /// <summary>Chance of a message being late by up to <see cref="LateMax"/>.</summary>
    public double Late { get; init; }

    public int LateMax { get; init; } = 20 * TickUnits;

    public int DiskMin { get; init; } = 20;

    public int DiskMax { get; init; } = 200;

    /// <summary>Chance of a sync that takes up to <see cref="DiskStallMax"/>.</summary>
    public double DiskStall { get; init; }

    public int DiskStallMax { get; init; } = 30 * TickUnits;

    /// <summary>Delay of applying; 0 applies at once.</summary>
    public int ApplyMax { get; init; }

    public bool Partitions { get; init; }

    public bool OneWayCuts { get; init; }

    public bool Crashes { get; init; }

    public int RestartMaxTicks { get; init; } = 40;

    /// <summary>Deviation of each clock's period, in thousandths.</summary>
    public int SkewPermille { get; init; }

    public bool Transfers { get; init; }

    public bool Campaigns { get; init; }

    public bool Membership { get; init; }

    /// <summary>Applied entries after which a node takes a snapshot and compacts; 0 for never.</summary>
    public int CompactEvery { get; init; }

    public int NemesisEveryTicks { get; init; } = 12;

    public bool PreVote { get; init; } = true;

    public bool CheckQuorum { get; init; } = true;

    public bool LeaseReads { get; init; }

    public int MaxInflightMessages { get; init; } = 256;

    public int MaxMessageBytes { get; init; } = 1 << 20;

    public int MaxUncommittedBytes { get; init; } = 64 << 20;

    public int MaxCommittedBytesPerReady { get; init; } = 1 << 20;

    public int HeartbeatTicks { get; init; } = 1;

    public int Clients { get; init; } = 4;

    public int Keys { get; init; } = 3;

    public int ThinkUnits { get; init; } = 4 * TickUnits;

    public int FaultTicks { get; init; } = 240;

    /// <summary>Whether clients of the keyspace only write two prefixes at a time.</summary>
    public bool SpanningOnly { get; init; }

    /// <summary>Whether nodes keep their log in the real write-ahead log. Not drawn: a share of the seeds has it.</summary>
    public bool RealLog { get; init; }

    /// <summary>Whether clients of the keyspace mostly grant and renew leases.</summary>
    public bool LeaseHeavy { get; init; }

    public static FaultProfile Draw(SimRandom random)
    {
        bool checkQuorum = random.Chance(0.8);
        return new FaultProfile
        {
            Loss = random.Pick(0, 0, 0.02, 0.1, 0.3),
            Duplicate = random.Pick(0, 0, 0.05, 0.2),
            LatencyMax = random.Pick(100, 400, 2000),
            Late = random.Pick(0, 0, 0.02, 0.1),
            LateMax = random.Pick(5, 20, 60) * TickUnits,
            DiskMax = random.Pick(30, 200, 1500),
            DiskStall = random.Pick(0, 0, 0.02, 0.1),
            ApplyMax = random.Pick(0, 0, 500, 5000),
            Partitions = random.Chance(0.5),
            OneWayCuts = random.Chance(0.3),
            Crashes = random.Chance(0.6),
            RestartMaxTicks = random.Pick(1, 10, 40),
            SkewPermille = random.Pick(0, 10, 45),
            Transfers = random.Chance(0.3),
            Campaigns = random.Chance(0.2),
            Membership = random.Chance(0.4),
            CompactEvery = random.Pick(0, 5, 20),
            NemesisEveryTicks = random.Pick(6, 12, 25),
            PreVote = random.Chance(0.7),
            CheckQuorum = checkQuorum,
            LeaseReads = checkQuorum && random.Chance(0.5),
            MaxInflightMessages = random.Pick(1, 4, 256),
            MaxMessageBytes = random.Pick(1, 64, 1 << 20),
            MaxUncommittedBytes = random.Pick(100, 64 << 20),
            MaxCommittedBytesPerReady = random.Pick(1, 200, 1 << 20),
            HeartbeatTicks = random.Pick(1, 2, 3),
            Clients = random.Pick(2, 4, 6),
            Keys = random.Pick(1, 3),
            ThinkUnits = random.Pick(1, 4, 8) * TickUnits,
            FaultTicks = random.Pick(200, 200, 600, 1200),
        };
    }
}
