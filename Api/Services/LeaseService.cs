using Google.Protobuf;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Metrics;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Security;
using Krewe.Api.Validation;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Leases;

namespace Krewe.Api.Services;

/// <summary>etcdserverpb.Lease (behaviours 158-190).</summary>
internal sealed class LeaseService(
    ILeaseClient leases, LeaseGuard guard, HeaderSource headers, StopSignal stop, StreamFailureCounters failures, ApiOptions options)
    : IGrpcService
{
    private const string Service = "etcdserverpb.Lease";

    public IEnumerable<GrpcMethod> Methods =>
    [
        new UnaryMethod<LeaseGrantRequest>(Service, "LeaseGrant", LeaseGrantRequest.Parser.ParseFrom, GrantAsync) { Access = GrpcAccess.Identity },
        new UnaryMethod<LeaseRevokeRequest>(Service, "LeaseRevoke", LeaseRevokeRequest.Parser.ParseFrom, RevokeAsync),
        new StreamMethod(Service, "LeaseKeepAlive", GrpcMethodKind.BidiStream, KeepAliveAsync),
        ProtoMethods.Unary(Service, "LeaseTimeToLive", LeaseTimeToLiveRequest.Parser, TimeToLiveAsync),
        ProtoMethods.Unary(Service, "LeaseLeases", LeaseLeasesRequest.Parser, LeasesAsync),
    ];

    private async ValueTask<GrpcStatus> GrantAsync(GrpcCall call, LeaseGrantRequest request)
    {
        if (RequestSize.IsTooLarge(call.RequestBytes, options.MaxRequestBytes))
        {
            return ErrorMapping.ToStatus(EtcdError.RequestTooLarge);
        }

        var grant = await leases.GrantAsync(request.ID, request.TTL, call.CancellationToken);
        call.Write(new LeaseGrantResponse { Header = headers.Proto(), ID = grant.Id, TTL = grant.TtlSeconds });
        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> RevokeAsync(GrpcCall call, LeaseRevokeRequest request)
    {
        await guard.RequireRevokeAsync(call, request.ID);
        var revision = await leases.RevokeAsync(request.ID, call.CancellationToken);
        call.Write(new LeaseRevokeResponse { Header = headers.Proto(revision) });
        return GrpcStatus.Ok;
    }

    // One response per request, in order (behaviour 170); the client's half-close ends the stream with OK (174).
    private ValueTask<GrpcStatus> KeepAliveAsync(GrpcCall call) => stop.ServeAsync(call, async () =>
    {
        await call.OpenAsync();
        while (true)
        {
            var read = await call.ReadAsync(call.CancellationToken);
            if (!read.HasMessage)
            {
                CountFailure(read.Failure);
                return read.Failure;
            }

            await RenewAsync(call, LeaseKeepAliveRequest.Parser.ParseFrom(call.Request));
        }
    });

    private void CountFailure(in GrpcStatus status)
    {
        if (!status.IsOk)
        {
            failures.Count(StreamFailureCounters.LeaseKeepAliveApi, isSend: false);
        }
    }

    private async ValueTask RenewAsync(GrpcCall call, LeaseKeepAliveRequest request)
    {
        // The revision is taken before the renewal (behaviour 173).
        var response = new LeaseKeepAliveResponse { Header = headers.Proto(), ID = request.ID };
        await guard.RequireRenewAsync(call, request.ID);
        response.TTL = await RenewAsync(request.ID, call.CancellationToken);
        call.Write(response);
        await call.FlushAsync();
    }

    // An unknown lease is an answer here, not an error (behaviour 171).
    private async ValueTask<long> RenewAsync(long id, CancellationToken cancellationToken)
    {
        try
        {
            return await leases.KeepAliveAsync(id, cancellationToken);
        }
        catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
        {
            return 0;
        }
    }

    private async ValueTask<LeaseTimeToLiveResponse> TimeToLiveAsync(GrpcCall call, LeaseTimeToLiveRequest request)
    {
        await guard.RequireTimeToLiveAsync(call, request.ID, request.Keys);
        var lease = await leases.TimeToLiveAsync(request.ID, request.Keys, call.CancellationToken);
        await guard.RequireReadAsync(call, lease.Keys);
        var response = new LeaseTimeToLiveResponse
        {
            Header = headers.Proto(),
            ID = lease.Id,
            TTL = lease.TtlSeconds,
            GrantedTTL = lease.GrantedTtlSeconds,
        };
        foreach (var key in lease.Keys)
        {
            response.Keys.Add(UnsafeByteOperations.UnsafeWrap(key));
        }

        return response;
    }

    private async ValueTask<LeaseLeasesResponse> LeasesAsync(GrpcCall call, LeaseLeasesRequest request)
    {
        var response = new LeaseLeasesResponse { Header = headers.Proto() };
        var ids = await leases.ListAsync(call.CancellationToken);
        await guard.RequireListAsync(call, ids);
        foreach (var id in ids)
        {
            response.Leases.Add(new LeaseStatus { ID = id });
        }

        return response;
    }
}
