namespace Krewe.Raft.Core;

/// <summary>Parameters of one node. All members of a cluster should have the same ones, except <see cref="Id"/> and the seed.</summary>
public sealed record RaftOptions
{
    /// <summary>This node's member ID, not 0.</summary>
    public required ulong Id { get; init; }

    /// <summary>A follower campaigns after [n, 2n) ticks without a leader.</summary>
    public int ElectionTimeoutTicks { get; init; } = 10;

    /// <summary>
    /// A follower campaigns after [n, n + this) ticks instead; 0 for n. A small spread means shorter outages, and sometimes two candidates at once. Each
    /// node's ticks have a phase of their own, so it can be a few ticks.
    /// </summary>
    public int ElectionSpreadTicks { get; init; }

    public int HeartbeatTicks { get; init; } = 1;

    /// <summary>Ask before campaigning, so that a node coming back from a partition does not depose a good leader.</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>A leader without a quorum steps down; followers that hear their leader refuse to vote.</summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>
    /// Linearizable reads from the leader's lease, without messages. Needs <see cref="CheckQuorum"/>, and must be the same on all members,
    /// because a restarted member then withholds its vote for one election timeout (it may have promised a lease before).
    /// </summary>
    public bool LeaseReads { get; init; }

    /// <summary>Bound of the difference in speed between two members' clocks that lease reads tolerate.</summary>
    public int MaxClockDriftPercent { get; init; } = 10;

    /// <summary>Seed of the randomised election timeout. Should differ between members.</summary>
    public ulong RandomSeed { get; init; }

    /// <summary>Append messages to one peer that are sent but not answered.</summary>
    public int MaxInflightMessages { get; init; } = 256;

    /// <summary>Payload of append messages to one peer that are sent but not answered.</summary>
    public int MaxInflightBytes { get; init; } = 16 << 20;

    /// <summary>Payload of one append message; a single larger entry still goes out alone.</summary>
    public int MaxMessageBytes { get; init; } = 1 << 20;

    /// <summary>Payload of the leader's uncommitted tail beyond which proposals are refused.</summary>
    public int MaxUncommittedBytes { get; init; } = 64 << 20;

    /// <summary>Payload of the committed entries in one <see cref="Ready"/>; a single larger entry still goes out alone.</summary>
    public int MaxCommittedBytesPerReady { get; init; } = 4 << 20;

    /// <summary>Payload handed out for applying but not reported by <see cref="RaftCore.Applied"/> beyond which no more is handed out.</summary>
    public int MaxApplyingBytes { get; init; } = 16 << 20;

    /// <summary>Stable, committed entries that stay in memory for slow followers.</summary>
    public int MaxCachedEntries { get; init; } = 16 * 1024;

    /// <summary>
    /// Payload of stable, committed entries that stay in memory, however many members there are; see <see cref="CachedBytes"/>.
    /// </summary>
    public int MaxCachedBytes { get; init; } = 64 << 20;

    /// <summary>The same on a member without others, which has no slow followers to keep anything for.</summary>
    public int MaxCachedBytesAlone { get; init; } = 8 << 20;

    /// <summary>Read requests that wait for confirmation on the leader.</summary>
    public int MaxPendingReads { get; init; } = 64 * 1024;

    /// <summary>Handed out <see cref="Ready"/> with storage work that are not durable; beyond it no more storage work is handed out.</summary>
    public int MaxUndurableReadys { get; init; } = 1024;

    /// <summary>
    /// What stays in memory next to so many other members: what may be under way to each, since all of it is sent again when a connection breaks.
    /// </summary>
    internal long CachedBytes(int others) => Math.Min(MaxCachedBytes, MaxCachedBytesAlone + ((long)others * MaxInflightBytes));

    /// <summary>
    /// Ticks after SENDING a heartbeat during which the answers of a quorum keep other leaders away. A follower's promise lasts more than
    /// (n - 1) of its ticks (its first tick may come at once), the leader's count may be one tick short, clocks may drift.
    /// </summary>
    internal int LeaseTicks => (ElectionTimeoutTicks - 1) * 100 / (100 + MaxClockDriftPercent);

    /// <summary>Throws <see cref="ArgumentException"/> when the parameters contradict each other.</summary>
    public void Validate()
    {
        Require(Id != 0, "Id must not be 0");
        Require(HeartbeatTicks > 0, "HeartbeatTicks must be positive");
        Require(ElectionTimeoutTicks > HeartbeatTicks, "ElectionTimeoutTicks must be greater than HeartbeatTicks");
        Require(ElectionSpreadTicks >= 0, "ElectionSpreadTicks must not be negative");
        Require(!LeaseReads || CheckQuorum, "LeaseReads needs CheckQuorum");
        Require(MaxClockDriftPercent is >= 0 and <= 100, "MaxClockDriftPercent must be within 0 and 100");
        Require(MaxInflightMessages > 0 && MaxInflightBytes > 0 && MaxMessageBytes > 0, "message limits must be positive");
        Require(MaxUncommittedBytes > 0 && MaxCommittedBytesPerReady > 0 && MaxApplyingBytes > 0, "entry limits must be positive");
        Require(MaxCachedEntries >= 0 && MaxCachedBytes >= 0 && MaxCachedBytesAlone >= 0, "cache limits must not be negative");
        Require(MaxPendingReads > 0 && MaxUndurableReadys > 0, "queue limits must be positive");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
