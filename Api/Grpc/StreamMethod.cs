namespace Krewe.Api.Grpc;

/// <summary>An RPC that streams; the handler reads requests and writes responses as it likes.</summary>
internal sealed class StreamMethod(string service, string name, GrpcMethodKind kind, Func<GrpcCall, ValueTask<GrpcStatus>> handler)
    : GrpcMethod(service, name, kind)
{
    public override ValueTask<GrpcStatus> InvokeAsync(GrpcCall call) =>
        call.IsOnLearner && !AllowedOnLearner ? new(GrpcGate.NotSupportedForLearner) : handler(call);
}
