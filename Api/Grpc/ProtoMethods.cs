using Google.Protobuf;
using Grpc.Core;

namespace Krewe.Api.Grpc;

/// <summary>Makes RPCs whose messages are the generated proto types: everything off the hot path.</summary>
internal static class ProtoMethods
{
    public static UnaryMethod<TRequest> Unary<TRequest, TResponse>(
        string service,
        string name,
        MessageParser<TRequest> parser,
        Func<TRequest, CancellationToken, ValueTask<TResponse>> handler,
        bool allowedOnLearner = false,
        GrpcAccess access = GrpcAccess.Handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage =>
        Unary(service, name, parser, (call, request) => handler(request, call.CancellationToken), allowedOnLearner, access);

    /// <summary>The same with a handler that needs to know who calls.</summary>
    public static UnaryMethod<TRequest> Unary<TRequest, TResponse>(
        string service,
        string name,
        MessageParser<TRequest> parser,
        Func<GrpcCall, TRequest, ValueTask<TResponse>> handler,
        bool allowedOnLearner = false,
        GrpcAccess access = GrpcAccess.Handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage =>
        new(service, name, parser.ParseFrom, async (call, request) =>
        {
            call.Write(await handler(call, request));
            return GrpcStatus.Ok;
        })
        {
            AllowedOnLearner = allowedOnLearner,
            Access = access,
        };

    /// <summary>An RPC that exists but is not built yet.</summary>
    public static StreamMethod Missing(string service, string name, GrpcMethodKind kind = GrpcMethodKind.Unary, GrpcAccess access = GrpcAccess.Handler)
    {
        var status = new GrpcStatus(StatusCode.Unimplemented, $"etcdserver: {name} is not available yet in Krewe");
        return new StreamMethod(service, name, kind, _ => new(status)) { AllowedOnLearner = true, Access = access };
    }
}
