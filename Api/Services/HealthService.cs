using Grpc.Core;
using Grpc.Health.V1;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Services;

/// <summary>grpc.health.v1.Health: serving for the empty name once the port serves (behaviour 287).</summary>
internal sealed class HealthService(StopSignal stop) : IGrpcService
{
    private const string Service = "grpc.health.v1.Health";

    private static readonly GrpcStatus UnknownService = new(StatusCode.NotFound, "unknown service");

    public IEnumerable<GrpcMethod> Methods =>
    [
        new UnaryMethod<HealthCheckRequest>(Service, "Check", HealthCheckRequest.Parser.ParseFrom, Check),
        new StreamMethod(Service, "Watch", GrpcMethodKind.ServerStream, WatchAsync),
    ];

    private static ValueTask<GrpcStatus> Check(GrpcCall call, HealthCheckRequest request)
    {
        if (request.Service.Length > 0)
        {
            return new(UnknownService);
        }

        call.Write(Response(HealthCheckResponse.Types.ServingStatus.Serving));
        return new(GrpcStatus.Ok);
    }

    private static HealthCheckResponse Response(HealthCheckResponse.Types.ServingStatus status) => new() { Status = status };

    private async ValueTask<GrpcStatus> WatchAsync(GrpcCall call)
    {
        var read = await call.ReadAsync(call.CancellationToken);
        if (!read.HasMessage)
        {
            return read.Failure;
        }

        var isKnown = HealthCheckRequest.Parser.ParseFrom(call.Request).Service.Length == 0;
        call.ReleaseRequest();
        call.Write(Response(isKnown
            ? HealthCheckResponse.Types.ServingStatus.Serving
            : HealthCheckResponse.Types.ServingStatus.ServiceUnknown));
        await call.FlushAsync();
        call.EndWith(stop);
        await Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop.Token.IsCancellationRequested ? ErrorMapping.ToStatus(EtcdError.Stopped) : GrpcStatus.Canceled;
    }
}
