using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Services.Concurrency;

/// <summary>
/// Makes the RPCs of Lock and Election. etcd builds these services on its own client library, whose errors lose their codes: all
/// arrive as Unknown with the text (behaviour 297).
/// </summary>
internal static class PlainErrors
{
    public static GrpcStatus Text(string text) => new(StatusCode.Unknown, text);

    public static UnaryMethod<TRequest> Unary<TRequest>(
        string service, string name, MessageParser<TRequest> parser, StopSignal stop, Func<GrpcCall, TRequest, ValueTask<GrpcStatus>> handler)
        where TRequest : IMessage<TRequest> =>
        new(service, name, parser.ParseFrom, (call, request) => RunAsync(call, request, stop, handler));

    /// <summary>Runs a handler that may wait without end: it ends with the server.</summary>
    public static ValueTask<GrpcStatus> RunAsync<TRequest>(
        GrpcCall call, TRequest request, StopSignal stop, Func<GrpcCall, TRequest, ValueTask<GrpcStatus>> handler) => stop.ServeAsync(call, async () =>
    {
        try
        {
            return await handler(call, request);
        }
        catch (EtcdException e)
        {
            var status = ErrorMapping.ToStatus(e.Error);
            return status.Code is StatusCode.Cancelled or StatusCode.DeadlineExceeded ? status : Text(status.Message!);
        }
    });
}
