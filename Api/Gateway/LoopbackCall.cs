using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Krewe.Api.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krewe.Api.Gateway;

/// <summary>
/// Calls an RPC of this process as if a client had sent it, so that limits, metrics, gates and errors are those of the gRPC server
/// (behaviour 337). The pipes hold at most their default bounds in each direction.
/// </summary>
internal sealed class LoopbackCall
{
    private readonly Pipe _requests = new();
    private readonly Pipe _responses = new();
    private readonly LoopbackResponse _response;
    private readonly HttpContext _context;

    /// <param name="metadata">What the RPC sees as headers.</param>
    /// <param name="remoteAddress">Of the client of the gateway.</param>
    /// <param name="cancellationToken">Fires when that client has gone.</param>
    public LoopbackCall(IHeaderDictionary metadata, IPAddress? remoteAddress, CancellationToken cancellationToken)
    {
        _response = new LoopbackResponse(_responses.Writer);
        _context = LoopbackContext.Create(metadata, _requests.Reader, _response, cancellationToken);
        _context.Features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = remoteAddress });
    }

    /// <summary>Serves the call to its end.</summary>
    public async Task<GrpcStatus> RunAsync(GrpcServer server, GrpcMethod method)
    {
        try
        {
            await server.RunAsync(_context, method);
        }
        finally
        {
            await _responses.Writer.CompleteAsync();
            await _requests.Reader.CompleteAsync();
        }

        return _response.Status;
    }

    /// <summary>Sends a request; false when the call is over.</summary>
    public async ValueTask<bool> SendAsync(IMessage request, CancellationToken cancellationToken)
    {
        GrpcPrefix.Write(_requests.Writer, request.CalculateSize());
        request.WriteTo(_requests.Writer);
        var flushed = await _requests.Writer.FlushAsync(cancellationToken);
        return !flushed.IsCompleted;
    }

    /// <summary>Says that no request follows.</summary>
    public ValueTask EndRequestsAsync() => _requests.Writer.CompleteAsync();

    /// <summary>The next response, or null at the end.</summary>
    public async ValueTask<IMessage?> ReadAsync(MessageDescriptor type, CancellationToken cancellationToken)
    {
        var reader = _responses.Reader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (TryReadFrame(buffer, out var payload))
            {
                var message = type.Parser.ParseFrom(payload);
                reader.AdvanceTo(payload.End);
                return message;
            }

            if (read.IsCompleted)
            {
                reader.AdvanceTo(buffer.End);
                return null;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Has the server stop waiting for its client to read.</summary>
    public ValueTask EndResponsesAsync() => _responses.Reader.CompleteAsync();

    /// <summary>The first frame of a buffer, if it is there as a whole.</summary>
    public static bool TryReadFrame(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (buffer.Length < GrpcPrefix.Bytes)
        {
            return false;
        }

        var (_, length) = GrpcPrefix.Read(buffer);
        if (buffer.Length < GrpcPrefix.Bytes + length)
        {
            return false;
        }

        payload = buffer.Slice(GrpcPrefix.Bytes, length);
        return true;
    }
}
