using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Metrics;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Watch;

/// <summary>etcdserverpb.Watch (behaviours 111-157).</summary>
internal sealed class WatchService(
    IWatchHub hub,
    AuthGuard guard,
    AuditLog audit,
    WatchPermissionSweep sweep,
    HeaderSource headers,
    StopSignal stop,
    StreamFailureCounters failures,
    ApiOptions options,
    TimeProvider time)
    : IGrpcService
{
    public IEnumerable<GrpcMethod> Methods => [new StreamMethod("etcdserverpb.Watch", "Watch", GrpcMethodKind.BidiStream, WatchAsync)];

    private async ValueTask<GrpcStatus> WatchAsync(GrpcCall call)
    {
        call.EndWith(stop);
        await call.OpenAsync();
        await using var stream = hub.OpenStream();
        using var session = new WatchSession(call, stream, guard, audit, headers, options, time);
        sweep.Add(session.Permissions);
        GrpcStatus status;
        try
        {
            status = await session.RunAsync(stop.Token);
        }
        finally
        {
            sweep.Remove(session.Permissions);
        }

        if (!session.EndedByClient)
        {
            failures.Count(StreamFailureCounters.WatchApi, isSend: !session.FailedToReceive);
        }

        return status;
    }
}
