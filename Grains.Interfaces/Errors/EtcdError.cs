namespace Krewe.Grains.Interfaces.Errors;

/// <summary>
/// The errors that etcd's clients can tell apart. Each has a gRPC code and an exact text (errors.tsv); the mapping lives in
/// <c>Api/Mapping</c>. They cross silos as values: on the hot path an error is a result, not an exception.
/// </summary>
public enum EtcdError
{
    None = 0,
    EmptyKey,
    KeyNotFound,
    ValueProvided,
    LeaseProvided,
    TooManyOps,
    DuplicateKey,
    InvalidClientApiVersion,
    InvalidSortOption,
    Compacted,
    FutureRevision,
    NoSpace,
    LeaseNotFound,
    LeaseExists,
    LeaseTtlTooLarge,
    WatchCanceled,
    MemberExists,
    PeerUrlExists,
    MemberNotEnoughStarted,
    MemberBadUrls,
    MemberNotFound,
    MemberNotLearner,
    LearnerNotReady,
    TooManyLearners,
    RequestTooLarge,
    TooManyRequests,
    UserEmpty,
    PermissionDenied,
    InvalidAuthToken,
    AuthNotEnabled,
    NoLeader,
    NotLeader,
    LeaderChanged,
    Stopped,
    /// <summary>The outcome is unknown: the request may still commit (behaviour 351).</summary>
    Timeout,
    /// <summary>The outcome is unknown: leadership was lost while the request was in flight (behaviour 351).</summary>
    TimeoutDueToLeaderFail,
    TimeoutDueToConnectionLost,
    Unhealthy,
    Corrupt,
    NotSupportedForLearner,
    BadLeaderTransferee,
    ProposalDropped,
    /// <summary>A lease operation waited too long for apply to catch up.</summary>
    TimeoutWaitAppliedIndex,
    /// <summary>A renewal reached a member that cannot confirm its leadership.</summary>
    NotPrimaryLessor,
    /// <summary>The request timeout passed before there was a leader to ask (behaviour 352).</summary>
    DeadlineExceeded,
    /// <summary>The caller gave up.</summary>
    Canceled,
    /// <summary>Not built yet; answered as gRPC Unimplemented with a clear text.</summary>
    Unimplemented,
    /// <summary>The caller gave up before the new leader took over (behaviour 283).</summary>
    LeaderTransferTimeout,
    RootUserNotExist,
    RootRoleNotExist,
    UserAlreadyExists,
    UserNotFound,
    RoleAlreadyExists,
    RoleNotFound,
    RoleEmpty,
    AuthFailed,
    PermissionNotGiven,
    RoleNotGranted,
    PermissionNotGranted,
    InvalidAuthMgmt,
    /// <summary>The auth state changed after the credential was issued, or while the request ran (behaviours 206, 209).</summary>
    AuthOldRevision,
    /// <summary>A password was given for a user that has none, or a hash that can't be read (behaviour 196).</summary>
    NoPasswordUser,
    /// <summary>This member has only the public key of its tokens (behaviour 207).</summary>
    TokenVerifyOnly,
    /// <summary>bcrypt takes 72 bytes at most.</summary>
    PasswordTooLong,
    /// <summary>
    /// The permissions that a write was judged by are not those at its place in the log; it had no effect and is judged anew. A client sees it
    /// only if auth was turned on in between, when it means that the request had no user.
    /// </summary>
    AuthChanged,
}
