using System.Buffers;
using System.IO.Pipelines;
using Krewe.Api.Gateway;
using Krewe.Api.Grpc;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>An RPC for a gateway that fetches its answers. Its pipe's default bound holds the RPC up while nobody does.</summary>
internal sealed class LocalRpcStream : ILocalRpcStream
{
    private readonly Pipe _responses = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task<GrpcStatus> _serving;

    public LocalRpcStream(GrpcServer server, GrpcMethod method, RpcRequest request) =>
        _serving = Task.Run(() => ServeAsync(server, method, request));

    public async ValueTask<RpcPart> ReadAsync(long maxBytes, CancellationToken cancellationToken)
    {
        var payloads = new List<ReadOnlyMemory<byte>>();
        var reader = _responses.Reader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            for (long bytes = 0; bytes < maxBytes && LoopbackCall.TryReadFrame(rest, out var payload);)
            {
                payloads.Add(payload.ToArray());
                bytes += payload.Length;
                rest = rest.Slice(payload.End);
            }

            var isLast = read.IsCompleted && !LoopbackCall.TryReadFrame(rest, out _);
            if (payloads.Count > 0)
            {
                reader.AdvanceTo(rest.Start);
            }
            else
            {
                reader.AdvanceTo(rest.Start, rest.End);
            }

            if (isLast)
            {
                var status = await _serving.ConfigureAwait(false);
                return new RpcPart(payloads.ToArray(), LocalRpcs.Reply(status, default));
            }

            if (payloads.Count > 0)
            {
                return new RpcPart(payloads.ToArray(), null);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _responses.Reader.CompleteAsync().ConfigureAwait(false);
        await ((Task)_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task<GrpcStatus> ServeAsync(GrpcServer server, GrpcMethod method, RpcRequest request)
    {
        var context = new RelayedCallContext(request, _responses.Writer, _over.Token);
        try
        {
            await server.RunAsync(context.Http, method).ConfigureAwait(false);
            return context.Status;
        }
        finally
        {
            await _responses.Writer.CompleteAsync().ConfigureAwait(false);
        }
    }
}
