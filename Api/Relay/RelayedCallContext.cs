using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Krewe.Api.Gateway;
using Krewe.Api.Grpc;
using Krewe.Grains.Interfaces.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krewe.Api.Relay;

/// <summary>The HTTP request that an RPC from a gateway would have been: one message, and the client's token.</summary>
internal sealed class RelayedCallContext
{
    private readonly LoopbackResponse _response;

    public RelayedCallContext(RpcRequest request, PipeWriter responses, CancellationToken cancellationToken)
    {
        _response = new LoopbackResponse(responses);
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = HttpMethods.Post, Headers = Metadata(request) });
        features.Set<IRequestBodyPipeFeature>(new LoopbackRequest(PipeReader.Create(new ReadOnlySequence<byte>(Frame(request.Payload.Span)))));
        features.Set<IHttpResponseFeature>(_response);
        features.Set<IHttpResponseBodyFeature>(_response);
        features.Set<IHttpResponseTrailersFeature>(_response);
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellationToken });
        features.Set(RelayedCallFeature.Instance);
        Http = new DefaultHttpContext(features);
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

    private static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[GrpcPrefix.Bytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame.AsSpan(GrpcPrefix.Bytes));
        return frame;
    }
}
