namespace Krewe.Silo.Clustering;

/// <summary>Bounds on how long the Orleans runtime waits for the Raft group.</summary>
public sealed class RaftClusteringOptions
{
    /// <summary>The name of the grain directory, for <c>[GrainDirectory(RaftClusteringOptions.DirectoryName)]</c>.</summary>
    public const string DirectoryName = "raft";

    /// <summary>Longest wait for one command to be committed and applied; afterwards the caller gets a timeout.</summary>
    public TimeSpan ProposalTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a read barrier before the membership table is read as applied here.</summary>
    public TimeSpan ReadBarrierTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for a command or a read barrier once the host stops.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a change of this silo's own row is tried again when another silo's change came in between.</summary>
    public int MaxRowAttempts { get; set; } = 8;

    /// <summary>Longest wait, when a leader-placed grain is to be placed or registered, for a leader that is ready.</summary>
    public TimeSpan LeaderWaitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a starting silo waits for a quorum; Orleans does not retry this step. May be infinite.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause between two attempts while it waits.</summary>
    public TimeSpan StartRetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Orleans' probe of a neighbour; the backstop behind Raft's own failure detection (design, section 4).</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    public int MissedProbesLimit { get; set; } = 3;
}
