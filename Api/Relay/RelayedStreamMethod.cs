using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>An RPC with one request, and many responses or a late one, that a member serves. A slow client holds up the member, by way of the fetches.</summary>
internal sealed class RelayedStreamMethod(
    string service, string name, GrpcMethodKind kind, IRemoteRpcs members, AuthGuard guard, StopSignal stop, Func<RpcRequest, bool> isRepeatable)
    : GrpcMethod(service, name, kind)
{
    public override async ValueTask<GrpcStatus> InvokeAsync(GrpcCall call)
    {
        var (request, refusal) = await RelayedUnaryMethod.ReadAsync(call, this, guard);
        return request is null ? refusal : await stop.ServeAsync(call, () => RelayAsync(call, request));
    }

    private async ValueTask<GrpcStatus> RelayAsync(GrpcCall call, RpcRequest request)
    {
        await foreach (var part in members.StreamAsync(request, isRepeatable, call.CancellationToken))
        {
            foreach (var payload in part.Payloads)
            {
                RelayedUnaryMethod.Write(call, payload.Span);
                await call.FlushAsync();
            }

            if (part.End is { } end)
            {
                return new GrpcStatus((StatusCode)end.Code, end.Message);
            }
        }

        throw new InvalidOperationException("a relayed call ends with its status");
    }
}
