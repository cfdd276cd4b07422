using System.Buffers;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>An RPC with one request and one response that a member serves.</summary>
internal sealed class RelayedUnaryMethod(string service, string name, IRemoteRpcs members, AuthGuard guard, Func<RpcRequest, bool> isRepeatable)
    : GrpcMethod(service, name, GrpcMethodKind.Unary)
{
    public override async ValueTask<GrpcStatus> InvokeAsync(GrpcCall call)
    {
        var (request, refusal) = await ReadAsync(call, this, guard);
        if (request is null)
        {
            return refusal;
        }

        var reply = await members.CallAsync(request, isRepeatable, call.CancellationToken);
        if (reply.Code == 0)
        {
            Write(call, reply.Payload.Span);
        }

        return new GrpcStatus((StatusCode)reply.Code, reply.Message);
    }

    /// <summary>The one request of a call; null, with the reason, without a readable one.</summary>
    public static async ValueTask<(RpcRequest? Request, GrpcStatus Refusal)> ReadAsync(GrpcCall call, GrpcMethod method, AuthGuard guard)
    {
        var read = await call.ReadAsync(call.CancellationToken);
        if (!read.HasMessage)
        {
            return (null, read.Failure.IsOk ? new(StatusCode.Internal, "cardinality violation: no request message") : read.Failure);
        }

        var request = new RpcRequest(method.Path, guard.TokenToPassOn(call), call.Request.ToArray());
        call.ReleaseRequest();
        return (request, GrpcStatus.Ok);
    }

    public static void Write(GrpcCall call, ReadOnlySpan<byte> payload)
    {
        call.WritePrefix(payload.Length);
        call.Output.Write(payload);
    }
}
