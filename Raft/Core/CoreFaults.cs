namespace Krewe.Raft.Core;

/// <summary>
/// Known mistakes that tests can plant in a node to prove that the simulator would find them. Only reachable from test
/// assemblies; always <see cref="None"/> otherwise.
/// </summary>
[Flags]
internal enum CoreFaults
{
    None = 0,

    /// <summary>Commits entries of earlier terms by counting replicas (Raft paper figure 8).</summary>
    CommitEarlierTerms = 1 << 0,

    /// <summary>Votes for everybody who asks.</summary>
    VoteTwice = 1 << 1,

    /// <summary>Votes for candidates whose log is behind.</summary>
    VoteForStaleLog = 1 << 2,

    /// <summary>Serves lease reads while leader, whoever answered.</summary>
    LeaseWithoutQuorum = 1 << 3,

    /// <summary>Forgets at restart that a lease may have been promised.</summary>
    VoteAfterRestart = 1 << 4,

    /// <summary>Counts only the incoming majority in a joint configuration.</summary>
    IgnoreOutgoing = 1 << 5,

    /// <summary>Keeps the lease after it asked another node to campaign.</summary>
    LeaseDuringTransfer = 1 << 6,

    /// <summary>Answers reads without asking the quorum.</summary>
    ReadWithoutQuorum = 1 << 7,

    /// <summary>Answers reads before an entry of the own term is committed.</summary>
    ReadBeforeTermCommit = 1 << 8,

    /// <summary>Takes entries without comparing what stands before them.</summary>
    SkipPrevTermCheck = 1 << 9,

    /// <summary>Stores a commit index before the entries that it counts on.</summary>
    CommitAheadOfLog = 1 << 10,
}
