using Krewe.Grains.Interfaces.Watch;
using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Watch;

/// <summary>Serves watchers that are not in the live flow, one batch each in turn.</summary>
internal sealed partial class CatchUpLoop : IAsyncDisposable
{
    private readonly WatchHub _hub;
    private readonly CatchUpReader _reader;
    private readonly IRevisionHistory _history;
    private readonly WatchHubOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Queue<Watcher> _waiting = [];
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _disposed;

    public CatchUpLoop(WatchHub hub, CatchUpReader reader, IRevisionHistory history, WatchHubOptions options, TimeProvider time, ILogger logger)
    {
        _hub = hub;
        _reader = reader;
        _history = history;
        _options = options;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Bounded by the number of watchers: each is here, parked on its stream, or in the live flow.</summary>
    public void Enqueue(Watcher watcher)
    {
        lock (_lock)
        {
            _waiting.Enqueue(watcher);
        }

        _signal.Signal();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _signal.Stop();
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested && await _signal.WaitAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (!_stop.IsCancellationRequested && TryDequeue(out Watcher watcher))
            {
                if (!TryStep(watcher))
                {
                    Enqueue(watcher);
                    await Task.Delay(_options.CatchUpRetryDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private bool TryDequeue(out Watcher watcher)
    {
        lock (_lock)
        {
            return _waiting.TryDequeue(out watcher!);
        }
    }

    private bool TryStep(Watcher watcher)
    {
        try
        {
            Step(watcher);
            return true;
        }
        catch (Exception exception)
        {
            LogReadFailed(_logger, exception);
            return false;
        }
    }

    private void Step(Watcher watcher)
    {
        if (_hub.TryJoin(watcher) || watcher.Stream.ParkIfFull(watcher))
        {
            return;
        }

        // A list of its own: the batch keeps it.
        var events = new List<WatchEvent>();
        long current = Math.Max(_history.CurrentRevision, _hub.Position);
        HistoryPage page = _reader.Read(watcher, current, events);
        if (page.IsCompacted)
        {
            _hub.CancelCompacted(watcher, page.CompactRevision);
        }
        else if (_hub.TryDeliverCatchUp(watcher, events, current, page.NextRevision) && !_hub.TryJoin(watcher))
        {
            Enqueue(watcher);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not read history for a watcher; trying again")]
    private static partial void LogReadFailed(ILogger logger, Exception exception);
}
