using System.Globalization;
using System.IO.Pipelines;
using Krewe.Api.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Krewe.Api.Gateway;

/// <summary>The answer of an RPC that was called from inside this process.</summary>
/// <param name="writer">Takes the frames.</param>
internal sealed class LoopbackResponse(PipeWriter writer)
    : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private Stream? _stream;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    public PipeWriter Writer => writer;

    public Stream Stream => _stream ??= writer.AsStream();

    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException("the body of an inner call can't be replaced");
    }

    /// <summary>How the call ended, once it has.</summary>
    public GrpcStatus Status
    {
        get
        {
            var source = HasStarted ? Trailers : Headers;
            var code = (global::Grpc.Core.StatusCode)int.Parse(source["grpc-status"].ToString(), CultureInfo.InvariantCulture);
            return code == global::Grpc.Core.StatusCode.OK ? GrpcStatus.Ok : new GrpcStatus(code, Uri.UnescapeDataString(source["grpc-message"].ToString()));
        }
    }

    public void OnStarting(Func<object, Task> callback, object state) =>
        throw new NotSupportedException("nothing hooks into the start of an inner call");

    public void OnCompleted(Func<object, Task> callback, object state) =>
        throw new NotSupportedException("nothing hooks into the end of an inner call");

    public void DisableBuffering()
    {
        // Nothing is buffered beyond the pipe.
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        HasStarted = true;
        return Task.CompletedTask;
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("RPCs send no files");

    public Task CompleteAsync() => writer.CompleteAsync().AsTask();
}
