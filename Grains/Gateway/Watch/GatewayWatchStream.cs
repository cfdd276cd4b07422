using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>The watchers of one RPC and the batches that wait for its reader.</summary>
internal sealed class GatewayWatchStream(GatewayWatchHub hub, GatewayWatchOptions options) : IWatchStream
{
    private readonly WatchBatchBuffer<long> _buffer = new(options.MaxBufferedBatches, options.MaxBufferedBytes);

    /// <summary>Hub's lock.</summary>
    public Dictionary<long, GatewayWatcher> Watchers { get; } = [];

    /// <summary>Unanswered requests for progress. Hub's lock.</summary>
    public int PendingProgress { get; set; }

    /// <summary>Hub's lock.</summary>
    public bool IsClosed { get; set; }

    public void Create(WatchRequest request) => hub.Create(this, request);

    public bool Contains(long watchId) => hub.Contains(this, watchId);

    public bool Cancel(long watchId) => hub.Cancel(this, watchId);

    public void RequestProgress() => hub.RequestProgress(this, GatewayWatchHub.WholeStream);

    public void RequestProgress(long watchId) => hub.RequestProgress(this, watchId);

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _buffer.WaitToReadAsync(cancellationToken);

    public bool TryRead(out WatchBatch batch)
    {
        var isRead = _buffer.TryRead(out batch, out var resumed);
        if (resumed.Length != 0)
        {
            hub.Resume(this);
        }

        return isRead;
    }

    public ValueTask DisposeAsync()
    {
        hub.Close(this);
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>No more batches will come; those that wait can still be read.</summary>
    public void End() => _buffer.End();

    /// <summary>Adds events for a watcher; false if there is no room. Then <see cref="GatewayWatchHub.Resume"/> follows.</summary>
    public bool TryPushEvents(long watchId, IReadOnlyList<WatchEvent> events, long revision) =>
        _buffer.TryAddEvents(watchId, watchId, events, revision, EventSize.Of(events));

    /// <summary>Adds an answer. There are as many as requests, which are bounded where they come in.</summary>
    public void PushAnswer(long watchId, WatchBatchKind kind, long revision, long compactRevision = 0, EtcdError error = EtcdError.None) =>
        _buffer.AddAnswer(watchId, kind, revision, compactRevision, error: error);
}
