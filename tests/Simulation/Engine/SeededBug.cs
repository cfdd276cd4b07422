namespace Krewe.Simulation.Engine;

/// <summary>Mistakes planted on purpose, to prove that the simulator finds them.</summary>
public enum SeededBug
{
    None,

    // In the driver.
    AcknowledgeBeforeDurable,
    LeaderCountsItselfBeforeDurable,
    ForgetVoteAtRestart,
    KeepTruncatedTail,
    ReadLocallyOnLeader,
    ReuseReadContexts,
    EntriesBeforeHardState,
    StaleSnapshotState,
    StateAheadOfItsIndex,
    CommitWithoutComparingTerms,

    // In the core.
    CommitEarlierTerms,
    VoteTwice,
    VoteForStaleLog,
    LeaseWithoutQuorum,
    VoteAfterRestart,
    IgnoreOutgoing,
    LeaseDuringTransfer,
    ReadWithoutQuorum,
    ReadBeforeTermCommit,
    SkipPrevTermCheck,
    CommitAheadOfLog,

    // In the keyspace's driver.
    SkipTailFence,
    SkipFence,
    LeadBeforeTermApplied,
    KeepTailOverTerms,
    EvaluateWithoutPending,
    EnlistHomeOnly,
    EnlistWithoutLooking,
    AnswerWhenAppended,
    LostLeadershipMeansNotWritten,
    UndecidedMeansLost,
    RetryUnknownOutcomes,
    SwapAppliedCommands,
    KeepLeaseClocksOverTerms,
    AnswerWithoutRenewing,
    RenewWithoutConfirming,
    CheckpointsOutliveRenewals,
    WatchResumesTooEarly,
    WatchSkipsSnapshot,
    LogWithoutSync,
}
