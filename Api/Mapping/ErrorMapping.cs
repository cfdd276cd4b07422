using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Mapping;

/// <summary>etcd's gRPC code and exact text for each error (errors.tsv).</summary>
internal static class ErrorMapping
{
    private static readonly GrpcStatus[] Table = BuildTable();

    public static GrpcStatus ToStatus(EtcdError error) => Table[(int)error];

    public static string Text(EtcdError error) => Table[(int)error].Message ?? "";

    private static GrpcStatus[] BuildTable()
    {
        var errors = Enum.GetValues<EtcdError>();
        var table = new GrpcStatus[(int)errors.Max() + 1];
        foreach (var error in errors)
        {
            table[(int)error] = Map(error);
        }

        return table;
    }

    private static GrpcStatus Map(EtcdError error) => error switch
    {
        EtcdError.None => GrpcStatus.Ok,
        EtcdError.EmptyKey => new(StatusCode.InvalidArgument, "etcdserver: key is not provided"),
        EtcdError.KeyNotFound => new(StatusCode.InvalidArgument, "etcdserver: key not found"),
        EtcdError.ValueProvided => new(StatusCode.InvalidArgument, "etcdserver: value is provided"),
        EtcdError.LeaseProvided => new(StatusCode.InvalidArgument, "etcdserver: lease is provided"),
        EtcdError.TooManyOps => new(StatusCode.InvalidArgument, "etcdserver: too many operations in txn request"),
        EtcdError.DuplicateKey => new(StatusCode.InvalidArgument, "etcdserver: duplicate key given in txn request"),
        EtcdError.InvalidClientApiVersion => new(StatusCode.InvalidArgument, "etcdserver: invalid client api version"),
        EtcdError.InvalidSortOption => new(StatusCode.InvalidArgument, "etcdserver: invalid sort option"),
        EtcdError.Compacted => new(StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted"),
        EtcdError.FutureRevision => new(StatusCode.OutOfRange, "etcdserver: mvcc: required revision is a future revision"),
        EtcdError.NoSpace => new(StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded"),
        EtcdError.LeaseNotFound => new(StatusCode.NotFound, "etcdserver: requested lease not found"),
        EtcdError.LeaseExists => new(StatusCode.FailedPrecondition, "etcdserver: lease already exists"),
        EtcdError.LeaseTtlTooLarge => new(StatusCode.OutOfRange, "etcdserver: too large lease TTL"),
        EtcdError.WatchCanceled => new(StatusCode.Cancelled, "etcdserver: watch canceled"),
        EtcdError.MemberExists => new(StatusCode.FailedPrecondition, "etcdserver: member ID already exist"),
        EtcdError.PeerUrlExists => new(StatusCode.FailedPrecondition, "etcdserver: Peer URLs already exists"),

        // Wire quirk: the table's FailedPrecondition never reaches a client (behaviour 249).
        EtcdError.MemberNotEnoughStarted =>
            new(StatusCode.Unknown, "etcdserver: re-configuration failed due to not enough started members"),
        EtcdError.MemberBadUrls => new(StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid"),
        EtcdError.MemberNotFound => new(StatusCode.NotFound, "etcdserver: member not found"),
        EtcdError.MemberNotLearner => new(StatusCode.FailedPrecondition, "etcdserver: can only promote a learner member"),
        EtcdError.LearnerNotReady =>
            new(StatusCode.FailedPrecondition, "etcdserver: can only promote a learner member which is in sync with leader"),
        EtcdError.TooManyLearners => new(StatusCode.FailedPrecondition, "etcdserver: too many learner members in cluster"),
        EtcdError.RequestTooLarge => new(StatusCode.InvalidArgument, "etcdserver: request is too large"),

        // Wire quirk, as above (behaviour 289).
        EtcdError.TooManyRequests => new(StatusCode.Unknown, "etcdserver: too many requests"),
        EtcdError.UserEmpty => new(StatusCode.InvalidArgument, "etcdserver: user name is empty"),
        EtcdError.PermissionDenied => new(StatusCode.PermissionDenied, "etcdserver: permission denied"),
        EtcdError.InvalidAuthToken => new(StatusCode.Unauthenticated, "etcdserver: invalid auth token"),
        EtcdError.AuthNotEnabled => new(StatusCode.FailedPrecondition, "etcdserver: authentication is not enabled"),
        EtcdError.NoLeader => new(StatusCode.Unavailable, "etcdserver: no leader"),
        EtcdError.NotLeader => new(StatusCode.FailedPrecondition, "etcdserver: not leader"),
        EtcdError.LeaderChanged => new(StatusCode.Unavailable, "etcdserver: leader changed"),
        EtcdError.Stopped => new(StatusCode.Unavailable, "etcdserver: server stopped"),
        EtcdError.Timeout => new(StatusCode.Unavailable, "etcdserver: request timed out"),
        EtcdError.TimeoutDueToLeaderFail =>
            new(StatusCode.Unavailable, "etcdserver: request timed out, possibly due to previous leader failure"),
        EtcdError.TimeoutDueToConnectionLost =>
            new(StatusCode.Unavailable, "etcdserver: request timed out, possibly due to connection lost"),
        EtcdError.TimeoutWaitAppliedIndex =>
            new(StatusCode.Unavailable, "etcdserver: request timed out, waiting for the applied index took too long"),
        EtcdError.Unhealthy => new(StatusCode.Unavailable, "etcdserver: unhealthy cluster"),
        EtcdError.Corrupt => new(StatusCode.DataLoss, "etcdserver: corrupt cluster"),
        EtcdError.NotSupportedForLearner => new(StatusCode.FailedPrecondition, "etcdserver: rpc not supported for learner"),
        EtcdError.BadLeaderTransferee => new(StatusCode.FailedPrecondition, "etcdserver: bad leader transferee"),
        EtcdError.ProposalDropped => new(StatusCode.Unknown, "raft proposal dropped"),
        EtcdError.NotPrimaryLessor => new(StatusCode.Unknown, "not a primary lessor"),
        EtcdError.DeadlineExceeded => GrpcStatus.DeadlineExceeded,
        EtcdError.Canceled => GrpcStatus.Canceled,
        EtcdError.Unimplemented => new(StatusCode.Unimplemented, "etcdserver: not available yet in Krewe"),
        EtcdError.LeaderTransferTimeout => new(StatusCode.Unknown, "etcdserver: request timed out, leader transfer took too long"),
        EtcdError.RootUserNotExist => new(StatusCode.FailedPrecondition, "etcdserver: root user does not exist"),
        EtcdError.RootRoleNotExist => new(StatusCode.FailedPrecondition, "etcdserver: root user does not have root role"),
        EtcdError.UserAlreadyExists => new(StatusCode.FailedPrecondition, "etcdserver: user name already exists"),
        EtcdError.UserNotFound => new(StatusCode.FailedPrecondition, "etcdserver: user name not found"),
        EtcdError.RoleAlreadyExists => new(StatusCode.FailedPrecondition, "etcdserver: role name already exists"),
        EtcdError.RoleNotFound => new(StatusCode.FailedPrecondition, "etcdserver: role name not found"),
        EtcdError.RoleEmpty => new(StatusCode.InvalidArgument, "etcdserver: role name is empty"),
        EtcdError.AuthFailed => new(StatusCode.InvalidArgument, "etcdserver: authentication failed, invalid user ID or password"),
        EtcdError.PermissionNotGiven => new(StatusCode.InvalidArgument, "etcdserver: permission not given"),
        EtcdError.RoleNotGranted => new(StatusCode.FailedPrecondition, "etcdserver: role is not granted to the user"),
        EtcdError.PermissionNotGranted => new(StatusCode.FailedPrecondition, "etcdserver: permission is not granted to the role"),
        EtcdError.InvalidAuthMgmt => new(StatusCode.InvalidArgument, "etcdserver: invalid auth management"),
        EtcdError.AuthOldRevision => new(StatusCode.InvalidArgument, "etcdserver: revision of auth store is old"),

        // etcd has no status for these: code Unknown with the inner text (behaviour 196).
        EtcdError.NoPasswordUser =>
            new(StatusCode.Unknown, "auth: authentication failed, password was given for no password user"),
        EtcdError.TokenVerifyOnly => new(StatusCode.Unknown, "auth: token signing attempted with verify-only key"),
        EtcdError.PasswordTooLong => new(StatusCode.Unknown, "bcrypt: password length exceeds 72 bytes"),
        EtcdError.AuthChanged => new(StatusCode.InvalidArgument, "etcdserver: user name is empty"),
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "error without a gRPC mapping"),
    };
}
