using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;
using Microsoft.Extensions.Hosting;

namespace Krewe.Api.Grpc;

/// <summary>
/// The stages of a stop, as etcd has them (behaviour 349): first the member says that it is not ready; after whatever the host does before (a leader
/// hands its leadership over) endless streams end, so that their clients turn to another member; requests that are under way get a while, and
/// what is left then is cut.
/// </summary>
internal sealed class StopSignal : IHostedLifecycleService, IDisposable
{
    private readonly CancellationToken _stopping;
    private readonly TimeSpan _drainTimeout;
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _cut;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isAsked;

    // The stop itself is one until it is asked for.
    private int _open = 1;

    public StopSignal(IHostApplicationLifetime lifetime, ApiOptions options, TimeProvider time)
    {
        _stopping = lifetime.ApplicationStopping;
        _drainTimeout = options.DrainTimeout;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Whether a stop was asked for.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Fires when streams have to end.</summary>
    public CancellationToken Token => _drain.Token;

    /// <summary>Fires when what is still open is cut.</summary>
    public CancellationToken CutToken => _cut.Token;

    /// <summary>A stream has begun that ends with <see cref="Token"/>.</summary>
    public void Enter() => Interlocked.Increment(ref _open);

    /// <summary>Such a stream has ended, and its client has been told.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Serves a call that may wait without end: it ends with the server, and its client is told so.</summary>
    public async ValueTask<GrpcStatus> ServeAsync(GrpcCall call, Func<ValueTask<GrpcStatus>> serve)
    {
        call.EndWith(this);
        try
        {
            return await serve();
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            return ErrorMapping.ToStatus(EtcdError.Stopped);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the server stops to listen; after the same step of services that were registered later.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _cut.CancelAfter(_drainTimeout);
        await _drain.CancelAsync();
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            Leave();
        }

        // The server closes a connection as soon as it counts no stream, which may be before the last one's status is sent.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, cancellationToken);
        await _ended.Task.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _drain.Dispose();
        _cut.Dispose();
    }
}
