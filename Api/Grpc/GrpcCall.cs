using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Relay;
using Krewe.Api.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krewe.Api.Grpc;

/// <summary>One RPC in progress on one HTTP/2 stream: reads framed requests, writes framed responses and the final status.</summary>
internal sealed class GrpcCall : IDisposable
{
    private readonly HttpContext _http;
    private readonly int _maxReceiveBytes;
    private CancellationTokenSource? _deadline;
    private StopSignal? _stop;
    private List<CancellationTokenSource>? _links;
    private SequencePosition _consumed;
    private bool _holdsRequest;

    public GrpcCall(HttpContext http, GrpcMethod method, int maxReceiveBytes)
    {
        _http = http;
        _maxReceiveBytes = maxReceiveBytes;
        Method = method;
        Input = http.Request.BodyReader;
        Output = http.Response.BodyWriter;
        CancellationToken = http.RequestAborted;
    }

    public GrpcMethod Method { get; }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public IHeaderDictionary Metadata => _http.Request.Headers;

    /// <summary>The common name in the verified certificate of the client (behaviour 230); null without one, empty if it has no name.</summary>
    public string? ClientCommonName => _http.Features.Get<IClientCertificateIdentity>()?.CommonName;

    /// <summary>Fires when the client cancels, its connection breaks, or its deadline passes.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Payload of the current request; valid until the next <see cref="ReadAsync"/>.</summary>
    public ReadOnlySequence<byte> Request { get; private set; }

    /// <summary>Length of the latest request's payload in bytes.</summary>
    public long RequestBytes { get; private set; }

    /// <summary>Asks for what the method's <see cref="GrpcMethod.Access"/> says.</summary>
    public AuthGuard? Guard { get; init; }

    /// <summary>The user that the call was identified with; null while auth is off, or without credentials.</summary>
    public string? User { get; set; }

    /// <summary>The decoded request of a unary call, for the audit log.</summary>
    public object? Message { get; set; }

    /// <summary>Address of the client, of the JSON gateway's too.</summary>
    public IPAddress? RemoteAddress => _http.Connection.RemoteIpAddress;

    /// <summary>Whether a gateway passed the call on.</summary>
    public bool IsRelayed => _http.Features.Get<RelayedCallFeature>() is not null;

    /// <summary>Whether this member is a learner, as of the call's begin.</summary>
    public bool IsOnLearner { get; set; }

    /// <summary>Fires when the leader that the client asked for is lost (behaviour 156).</summary>
    public CancellationToken RequiresLeader { get; set; }

    public bool DeadlinePassed => _deadline is { IsCancellationRequested: true } && !_http.RequestAborted.IsCancellationRequested;

    /// <summary>Ends the call after the client's time-out.</summary>
    public void SetDeadline(TimeSpan timeout)
    {
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var limit = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
        _deadline.CancelAfter(timeout < limit ? timeout : limit);
        CancellationToken = _deadline.Token;
    }

    /// <summary>Ends the call also when <paramref name="token"/> fires.</summary>
    public void LinkTo(CancellationToken token)
    {
        var link = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, token);
        (_links ??= new(2)).Add(link);
        CancellationToken = link.Token;
    }

    /// <summary>Ends the call also when the member stops, which waits for it then.</summary>
    public void EndWith(StopSignal stop)
    {
        LinkTo(stop.Token);
        _stop = stop;
        stop.Enter();
    }

    /// <summary>
    /// When a stop has ended the call, sends the final status before the stop goes on: a connection that is being closed drops what is not sent, though
    /// its last stream is done.
    /// </summary>
    public async ValueTask LeaveAsync()
    {
        if (_stop is not { } stop)
        {
            return;
        }

        try
        {
            if (stop.Token.IsCancellationRequested && !_http.RequestAborted.IsCancellationRequested)
            {
                await _http.Response.CompleteAsync();
            }
        }
        finally
        {
            stop.Leave();
        }
    }

    /// <summary>
    /// Waits for the next request message. The length is checked before any of it is buffered, so a stream holds at most one
    /// message of the receive limit (behaviour 65).
    /// </summary>
    public async ValueTask<GrpcReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        ReleaseRequest();
        while (true)
        {
            var read = await Input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (read.IsCanceled)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            if (buffer.Length >= GrpcPrefix.Bytes)
            {
                var (compressed, length) = GrpcPrefix.Read(buffer);
                if (compressed)
                {
                    Input.AdvanceTo(buffer.Start);
                    return GrpcReadResult.Failed(Compressed());
                }

                if (length > (uint)_maxReceiveBytes)
                {
                    Input.AdvanceTo(buffer.Start);
                    return GrpcReadResult.Failed(TooLarge(length));
                }

                if (buffer.Length >= GrpcPrefix.Bytes + length)
                {
                    Request = buffer.Slice(GrpcPrefix.Bytes, length);
                    _consumed = Request.End;
                    _holdsRequest = true;
                    RequestBytes = length;
                    Method.Counters.Received(length);
                    return GrpcReadResult.Message;
                }
            }

            if (read.IsCompleted)
            {
                var isEnd = buffer.IsEmpty;
                Input.AdvanceTo(buffer.End);
                return isEnd ? GrpcReadResult.End : GrpcReadResult.Failed(new(StatusCode.Internal, "unexpected EOF"));
            }

            Input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Lets the transport reuse the current request's memory.</summary>
    public void ReleaseRequest()
    {
        if (_holdsRequest)
        {
            _holdsRequest = false;
            Request = default;
            Input.AdvanceTo(_consumed);
        }
    }

    /// <summary>Sends the response headers ahead of the first message, so that a stream's client knows that it is open.</summary>
    public async ValueTask OpenAsync()
    {
        Start();
        await FlushAsync();
    }

    /// <summary>Writes a frame's prefix; the caller writes exactly <paramref name="length"/> bytes next.</summary>
    public void WritePrefix(int length)
    {
        Start();
        GrpcPrefix.Write(Output, length);
        Method.Counters.Sent(length);
    }

    /// <summary>Writes a whole message without flushing it.</summary>
    public void Write(IMessage message)
    {
        WritePrefix(message.CalculateSize());
        message.WriteTo(Output);
    }

    /// <summary>Pushes what was written to the connection and waits while the client is slow.</summary>
    public ValueTask<FlushResult> FlushAsync() => Output.FlushAsync(CancellationToken);

    /// <summary>Writes the final status: as headers when nothing was sent yet, else as trailers.</summary>
    public void Finish(in GrpcStatus status)
    {
        var response = _http.Response;
        var target = response.HasStarted ? _http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : response.Headers;
        target["grpc-status"] = GrpcStatusText.Of(status.Code);
        if (status.Message is { Length: > 0 } message)
        {
            target["grpc-message"] = GrpcMessageText.Encode(message);
        }
    }

    public void Dispose()
    {
        _links?.ForEach(static link => link.Dispose());
        _deadline?.Dispose();
    }

    // Headers only go into a buffer here; until then a refusal can still be sent as one frame. The task is complete unless somebody
    // hooked OnStarting.
    private void Start()
    {
        if (!_http.Response.HasStarted)
        {
            _http.Response.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private GrpcStatus TooLarge(uint length) =>
        new(StatusCode.ResourceExhausted, $"grpc: received message larger than max ({length} vs. {_maxReceiveBytes})");

    // No decompressor is installed, as in etcd 3.4 (behaviour 347).
    private GrpcStatus Compressed()
    {
        var encoding = Metadata["grpc-encoding"].ToString();
        return encoding.Length == 0 || encoding == "identity"
            ? new(StatusCode.Internal, "grpc: compressed flag set with identity or empty encoding")
            : new(StatusCode.Unimplemented, $"grpc: Decompressor is not installed for grpc-encoding \"{encoding}\"");
    }
}
