using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Watch;

/// <summary>One Watch RPC: a loop that takes requests, a loop that sends batches, and a progress timer once one is wanted.</summary>
internal sealed class WatchSession : IDisposable
{
    private readonly GrpcCall _call;
    private readonly WatchWriter _writer;
    private readonly WatchReceiveLoop _receive;
    private readonly WatchSendLoop _send;

    public WatchSession(
        GrpcCall call, IWatchStream stream, AuthGuard guard, AuditLog audit, HeaderSource headers, ApiOptions options, TimeProvider time)
    {
        _call = call;
        var watchers = new WatcherTable();
        Permissions = new WatchPermissions(call, stream, watchers, guard, audit);
        _writer = new WatchWriter(call, options.MaxReceiveBytes);
        var progress = new WatchProgressTimer(stream, watchers, options.WatchProgressNotifyInterval, time);
        _send = new WatchSendLoop(stream, watchers, headers, _writer, Permissions);
        _receive = new WatchReceiveLoop(call, stream, watchers, headers, _writer, progress, Permissions);
    }

    /// <summary>Judges the stream's watchers.</summary>
    public WatchPermissions Permissions { get; }

    /// <summary>Whether the client ended the RPC, as opposed to a failure.</summary>
    public bool EndedByClient { get; private set; }

    public bool FailedToReceive { get; private set; }

    public async Task<GrpcStatus> RunAsync(CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_call.CancellationToken);
        var send = _send.RunAsync(end.Token);
        var receive = _receive.RunAsync(end.Token);

        // The client's half-close does not end the RPC (behaviour 127). How it failed is told below.
        if (await Task.WhenAny(send, receive) == receive && receive.IsCompletedSuccessfully && receive.Result.IsOk)
        {
            await ((Task)send).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await end.CancelAsync();
        await Task.WhenAll(send, receive).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Status(send, receive, stopping);
    }

    public void Dispose() => _writer.Dispose();

    private GrpcStatus Status(Task send, Task<GrpcStatus> receive, CancellationToken stopping)
    {
        if (receive.IsCompletedSuccessfully && !receive.Result.IsOk)
        {
            FailedToReceive = true;
            return receive.Result;
        }

        if (stopping.IsCancellationRequested || send.IsCompletedSuccessfully)
        {
            return ErrorMapping.ToStatus(EtcdError.Stopped);
        }

        if (_call.RequiresLeader.IsCancellationRequested)
        {
            return ErrorMapping.ToStatus(EtcdError.NoLeader);
        }

        if (_call.DeadlinePassed)
        {
            return GrpcStatus.DeadlineExceeded;
        }

        if (_call.CancellationToken.IsCancellationRequested)
        {
            EndedByClient = true;
            return ErrorMapping.ToStatus(EtcdError.WatchCanceled);
        }

        return Failure(send.Exception ?? receive.Exception);
    }

    private static GrpcStatus Failure(AggregateException? failure) => failure?.InnerException switch
    {
        EtcdException e => ErrorMapping.ToStatus(e.Error),
        InvalidDataException or Google.Protobuf.InvalidProtocolBufferException =>
            new(global::Grpc.Core.StatusCode.Internal, $"grpc: error unmarshalling request: {failure.InnerException.Message}"),
        _ => new(global::Grpc.Core.StatusCode.Internal, "internal error"),
    };
}
