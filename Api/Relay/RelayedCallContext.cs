using System.Buffers;
using System.IO.Pipelines;
using Krewe.Api.Gateway;
using Krewe.Api.Grpc;
using Krewe.Grains.Interfaces.Gateway;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Relay;

/// <summary>The HTTP request that an RPC from a gateway would have been: one message, and the client's token.</summary>
internal sealed class RelayedCallContext
{
    private readonly LoopbackResponse _response;

    public RelayedCallContext(RpcRequest request, PipeWriter responses, CancellationToken cancellationToken)
    {
        _response = new LoopbackResponse(responses);
        var requests = PipeReader.Create(new ReadOnlySequence<byte>(Frame(request.Payload.Span)));
        Http = LoopbackContext.Create(Metadata(request), requests, _response, cancellationToken);
        Http.Features.Set(RelayedCallFeature.Instance);
    }

    public HttpContext Http { get; }

    /// <summary>How the call ended, once it has.</summary>
    public GrpcStatus Status => _response.Status;

    private static HeaderDictionary Metadata(RpcRequest request)
    {
        var metadata = new HeaderDictionary { ["content-type"] = "application/grpc" };
        if (request.Token is { } token)
        {
            metadata["token"] = token;
        }

        return metadata;
    }

    private static ReadOnlyMemory<byte> Frame(ReadOnlySpan<byte> payload)
    {
        var frame = new ArrayBufferWriter<byte>(GrpcPrefix.Bytes + payload.Length);
        GrpcPrefix.Write(frame, payload.Length);
        frame.Write(payload);
        return frame.WrittenMemory;
    }
}
