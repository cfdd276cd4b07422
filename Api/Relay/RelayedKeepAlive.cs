using System.Buffers;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>Renews leases: each request of the stream is a call to whichever member is there (behaviours 170, 174).</summary>
internal sealed class RelayedKeepAlive(string path, IRemoteRpcs members, AuthGuard guard, StopSignal stop)
{
    public ValueTask<GrpcStatus> RunAsync(GrpcCall call) => stop.ServeAsync(call, () => RelayAsync(call));

    private async ValueTask<GrpcStatus> RelayAsync(GrpcCall call)
    {
        await call.OpenAsync();
        while (true)
        {
            var read = await call.ReadAsync(call.CancellationToken);
            if (!read.HasMessage)
            {
                return read.Failure;
            }

            var request = new RpcRequest(path, guard.TokenToPassOn(call), call.Request.ToArray());
            var reply = await members.CallAsync(request, static _ => true, call.CancellationToken);
            if (reply.Code != 0)
            {
                return new GrpcStatus((StatusCode)reply.Code, reply.Message);
            }

            RelayedUnaryMethod.Write(call, reply.Payload.Span);
            await call.FlushAsync();
        }
    }
}
