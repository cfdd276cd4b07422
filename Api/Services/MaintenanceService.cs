using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;
using AlarmKind = Krewe.Grains.Interfaces.Maintenance.AlarmType;

namespace Krewe.Api.Services;

/// <summary>etcdserverpb.Maintenance (behaviours 258-288).</summary>
internal sealed class MaintenanceService(
    IMaintenanceClient maintenance, IMembershipClient members, IMemberStatus status, AuthGuard guard, HeaderSource headers, ApiOptions options)
    : IGrpcService
{
    private const string Service = "etcdserverpb.Maintenance";

    public IEnumerable<GrpcMethod> Methods =>
    [
        ProtoMethods.Unary(Service, "Alarm", AlarmRequest.Parser, AlarmAsync),
        ProtoMethods.Unary(Service, "Status", StatusRequest.Parser, StatusAsync, allowedOnLearner: true, access: GrpcAccess.Identity),
        ProtoMethods.Unary(Service, "Defragment", DefragmentRequest.Parser, DefragmentAsync, access: GrpcAccess.Root),
        ProtoMethods.Unary(Service, "Hash", HashRequest.Parser, HashAsync, access: GrpcAccess.Root),
        ProtoMethods.Unary(Service, "HashKV", HashKVRequest.Parser, HashKvAsync, access: GrpcAccess.Root),
        ProtoMethods.Missing(Service, "Snapshot", GrpcMethodKind.ServerStream, GrpcAccess.Root),
        ProtoMethods.Unary(Service, "MoveLeader", MoveLeaderRequest.Parser, MoveLeaderAsync, access: GrpcAccess.Root),
        ProtoMethods.Missing(Service, "Downgrade", access: GrpcAccess.Root),
    ];

    private async ValueTask<AlarmResponse> AlarmAsync(GrpcCall call, AlarmRequest request)
    {
        var isQuestion = request.Action == AlarmRequest.Types.AlarmAction.Get;
        await guard.RequireAsync(call, isQuestion ? GrpcAccess.Identity : GrpcAccess.Root);
        var cancellationToken = call.CancellationToken;
        var type = (AlarmKind)request.Alarm;
        var alarms = request.Action switch
        {
            AlarmRequest.Types.AlarmAction.Get => await maintenance.ListAlarmsAsync(type, cancellationToken),
            AlarmRequest.Types.AlarmAction.Activate when type == AlarmKind.None => [],
            AlarmRequest.Types.AlarmAction.Activate =>
                await maintenance.ActivateAlarmAsync(new Alarm(request.MemberID, type), cancellationToken),
            AlarmRequest.Types.AlarmAction.Deactivate =>
                await maintenance.DeactivateAlarmAsync(new Alarm(request.MemberID, type), cancellationToken),
            _ => [],
        };
        var response = new AlarmResponse { Header = headers.Proto() };
        foreach (var alarm in alarms)
        {
            response.Alarms.Add(new AlarmMember { MemberID = alarm.MemberId, Alarm = (Protos.Etcd.AlarmType)alarm.Type });
        }

        return response;
    }

    private async ValueTask<StatusResponse> StatusAsync(StatusRequest request, CancellationToken cancellationToken)
    {
        var storage = await maintenance.StatusAsync(cancellationToken);
        var response = new StatusResponse
        {
            Header = headers.Proto(),
            Version = options.ServerVersion,
            DbSize = storage.SizeBytes,
            DbSizeInUse = storage.SizeInUseBytes,
            DbSizeQuota = storage.QuotaBytes,
            Leader = status.LeaderId,
            RaftIndex = status.RaftIndex,
            RaftTerm = status.RaftTerm,
            RaftAppliedIndex = status.RaftAppliedIndex,
            IsLearner = status.IsLearner,
            StorageVersion = options.StorageVersion,
            DowngradeInfo = new DowngradeInfo(),
        };
        AddErrors(response, storage.Alarms);
        return response;
    }

    // Behaviour 259.
    private static void AddErrors(StatusResponse response, IReadOnlyList<Alarm> alarms)
    {
        if (response.Leader == 0)
        {
            response.Errors.Add(ErrorMapping.Text(EtcdError.NoLeader));
        }

        foreach (var alarm in alarms)
        {
            response.Errors.Add(AlarmText.Of(alarm));
        }
    }

    // No header (behaviour 273).
    private async ValueTask<DefragmentResponse> DefragmentAsync(DefragmentRequest request, CancellationToken cancellationToken)
    {
        await maintenance.DefragmentAsync(cancellationToken);
        return new DefragmentResponse();
    }

    // No header (behaviour 283).
    private async ValueTask<MoveLeaderResponse> MoveLeaderAsync(GrpcCall call, MoveLeaderRequest request)
    {
        await members.MoveLeaderAsync(request.TargetID, call.IsRelayed, call.CancellationToken);
        return new MoveLeaderResponse();
    }

    private async ValueTask<HashResponse> HashAsync(HashRequest request, CancellationToken cancellationToken) =>
        new() { Hash = await maintenance.HashAsync(cancellationToken), Header = headers.Proto() };

    private async ValueTask<HashKVResponse> HashKvAsync(HashKVRequest request, CancellationToken cancellationToken)
    {
        var hash = await maintenance.HashKvAsync(request.Revision, cancellationToken);
        return new HashKVResponse
        {
            Header = headers.Proto(hash.CurrentRevision),
            Hash = hash.Hash,
            CompactRevision = hash.CompactRevision,
            HashRevision = hash.HashRevision,
        };
    }
}
