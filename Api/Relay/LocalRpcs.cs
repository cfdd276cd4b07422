using System.Collections.Frozen;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>Serves gateways' RPCs by this process' own gRPC server: the same gate, the same permission checks, the same audit log and metrics.</summary>
internal sealed class LocalRpcs(GrpcServer server, GrpcMethodTable table) : ILocalRpcs
{
    private static readonly GrpcStatus Stopped = ErrorMapping.ToStatus(EtcdError.Stopped);

    private readonly FrozenDictionary<string, GrpcMethod> _methods = table.Methods.ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);

    public async ValueTask<RpcReply> CallAsync(RpcRequest request, CancellationToken cancellationToken)
    {
        if (Find(request, GrpcMethodKind.Unary, GrpcMethodKind.BidiStream) is not { } method || method.Name == "Watch")
        {
            return Unknown(request);
        }

        var responses = new FrameBuffer();
        var context = new RelayedCallContext(request, responses, cancellationToken);
        await server.RunAsync(context.Http, method).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Reply(context.Status, responses.Payload);
    }

    public ILocalRpcStream Open(RpcRequest request) => Find(request, GrpcMethodKind.Unary, GrpcMethodKind.ServerStream) is { } method
        ? new LocalRpcStream(server, method, request)
        : new EndedRpcStream(Unknown(request));

    /// <summary>The reply for an end; throws when it is the member's own.</summary>
    public static RpcReply Reply(in GrpcStatus status, ReadOnlyMemory<byte> payload)
    {
        if (status.Code == Stopped.Code && status.Message == Stopped.Message)
        {
            throw new EtcdException(EtcdError.Stopped);
        }

        return new RpcReply((int)status.Code, status.Message, status.IsOk ? payload : default);
    }

    private static RpcReply Unknown(RpcRequest request) => new((int)StatusCode.Unimplemented, $"{request.Method} can not be called by a gateway", default);

    private GrpcMethod? Find(RpcRequest request, GrpcMethodKind kind, GrpcMethodKind other) =>
        _methods.TryGetValue(request.Method, out var method) && (method.Kind == kind || method.Kind == other) ? method : null;
}
