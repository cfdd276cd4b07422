using System.Threading.Channels;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>One watch stream with its answers queued in the order of arrival.</summary>
internal sealed class WatchSession : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private readonly Channel<WatchResponse> _answers = Channel.CreateUnbounded<WatchResponse>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;
    private bool _disposed;

    public WatchSession(Krewe.Api.Protos.Etcd.Watch.WatchClient client, Metadata? headers = null)
    {
        _call = client.Watch(headers, cancellationToken: _stop.Token);
        _reader = ReadAsync();
    }

    /// <summary>Status of the stream once it has ended.</summary>
    public Status? Ended { get; private set; }

    public Task SendAsync(WatchRequest request) => _call.RequestStream.WriteAsync(request);

    public Task CreateAsync(WatchCreateRequest create) => SendAsync(new WatchRequest { CreateRequest = create });

    public Task CancelAsync(long id) => SendAsync(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = id } });

    public Task ProgressAsync() => SendAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() });

    public Task HalfCloseAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>The next answer; fails if none comes within a generous limit or the stream ends.</summary>
    public async Task<WatchResponse> NextAsync()
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            return await _answers.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no watch answer within {AnswerLimit}");
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"the watch stream ended: {Ended}");
        }
    }

    /// <summary>Waits until the server ends the stream.</summary>
    public async Task<Status> WaitForEndAsync()
    {
        await _reader.WaitAsync(AnswerLimit);
        return Ended ?? Status.DefaultSuccess;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync();
        await _reader;
        _call.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_stop.Token))
            {
                _answers.Writer.TryWrite(_call.ResponseStream.Current);
            }

            Ended = Status.DefaultSuccess;
        }
        catch (RpcException e)
        {
            Ended = e.Status;
        }
        catch (OperationCanceledException)
        {
            Ended = Status.DefaultCancelled;
        }
        finally
        {
            _answers.Writer.TryComplete();
        }
    }
}
