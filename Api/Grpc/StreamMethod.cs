using Krewe.Api.Security;

namespace Krewe.Api.Grpc;

/// <summary>An RPC that streams; the handler reads requests and writes responses as it likes.</summary>
internal sealed class StreamMethod(string service, string name, GrpcMethodKind kind, Func<GrpcCall, ValueTask<GrpcStatus>> handler)
    : GrpcMethod(service, name, kind)
{
    public override ValueTask<GrpcStatus> InvokeAsync(GrpcCall call)
    {
        if (call.IsOnLearner && !AllowedOnLearner)
        {
            return new(GrpcGate.NotSupportedForLearner);
        }

        return Access != GrpcAccess.Handler && call.Guard is { } guard ? InvokeCheckedAsync(call, guard) : handler(call);
    }

    private async ValueTask<GrpcStatus> InvokeCheckedAsync(GrpcCall call, AuthGuard guard)
    {
        await guard.RequireAsync(call);
        return await handler(call);
    }
}
