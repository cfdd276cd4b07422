using System.Buffers;
using Grpc.Core;

namespace Krewe.Api.Grpc;

/// <summary>An RPC with one request and one response, which the handler writes itself.</summary>
internal sealed class UnaryMethod<TRequest>(
    string service,
    string name,
    Func<ReadOnlySequence<byte>, TRequest> decode,
    Func<GrpcCall, TRequest, ValueTask<GrpcStatus>> handler)
    : GrpcMethod(service, name, GrpcMethodKind.Unary)
{
    /// <summary>Whether a learner serves this very request (behaviour 254).</summary>
    public Func<TRequest, bool>? AllowedOnLearnerFor { get; init; }

    public override async ValueTask<GrpcStatus> InvokeAsync(GrpcCall call)
    {
        var read = await call.ReadAsync(call.CancellationToken);
        if (!read.HasMessage)
        {
            return read.Failure.IsOk ? new GrpcStatus(StatusCode.Internal, "cardinality violation: no request message") : read.Failure;
        }

        var request = decode(call.Request);
        call.ReleaseRequest();
        call.Message = request;
        if (call.IsOnLearner && !AllowedOnLearner && AllowedOnLearnerFor?.Invoke(request) != true)
        {
            return GrpcGate.NotSupportedForLearner;
        }

        // Behind the request, as in etcd: a call that is refused while its request is still coming looks broken to some clients.
        if (Access != GrpcAccess.Handler && call.Guard is { } guard)
        {
            await guard.RequireAsync(call);
        }

        return await handler(call, request);
    }
}
