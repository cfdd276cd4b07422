using System.Collections.Concurrent;
using System.Threading.Channels;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Tests.Fakes;

/// <summary>One stream of the fake hub.</summary>
internal sealed class FakeWatchStream(FakeWatchHub hub, FakeStatus status) : IWatchStream
{
    private readonly Channel<WatchBatch> _batches = Channel.CreateUnbounded<WatchBatch>();
    private readonly ConcurrentDictionary<long, WatchRequest> _watchers = new();

    public void Create(WatchRequest request)
    {
        hub.Join(request.StartRevision, history =>
        {
            _watchers[request.WatchId] = request;
            Start(request);
            foreach (var revision in history)
            {
                Publish(request, revision);
            }
        });
    }

    public bool Contains(long watchId) => _watchers.ContainsKey(watchId);

    public bool Cancel(long watchId)
    {
        if (watchId == hub.StuckWatch)
        {
            throw new InvalidOperationException("stuck");
        }

        if (!_watchers.TryRemove(watchId, out _))
        {
            return false;
        }

        Send(new WatchBatch { WatchId = watchId, Kind = WatchBatchKind.Canceled, Revision = status.Revision, Events = [] });
        return true;
    }

    public void RequestProgress()
    {
        if (!_watchers.IsEmpty)
        {
            Progress(-1);
        }
    }

    public void RequestProgress(long watchId) => Progress(watchId);

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _batches.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out WatchBatch batch) => _batches.Reader.TryRead(out batch);

    public ValueTask DisposeAsync()
    {
        hub.Close(this);
        return default;
    }

    public void Complete() => _batches.Writer.TryComplete();

    public void Publish(RevisionEvents revision)
    {
        foreach (var watcher in _watchers.Values.OrderBy(w => w.WatchId))
        {
            Publish(watcher, revision);
        }
    }

    private void Publish(WatchRequest watcher, RevisionEvents revision)
    {
        WatchEvent[] events = [.. revision.Events.Where(e => Matches(watcher, e))];
        if (events.Length > 0 && revision.Revision >= watcher.StartRevision && Contains(watcher.WatchId))
        {
            Send(new WatchBatch { WatchId = watcher.WatchId, Kind = WatchBatchKind.Events, Revision = revision.Revision, Events = events });
        }
    }

    private static bool Matches(WatchRequest watcher, WatchEvent watchEvent)
    {
        var unwanted = watchEvent.IsDelete ? WatchFilters.NoDelete : WatchFilters.NoPut;
        var key = watchEvent.Kv.Key.Span;
        var inRange = watcher.RangeEnd.IsEmpty
            ? key.SequenceEqual(watcher.Key.Span)
            : key.SequenceCompareTo(watcher.Key.Span) >= 0
                && (watcher.RangeEnd.Span.SequenceEqual("\0"u8) || key.SequenceCompareTo(watcher.RangeEnd.Span) < 0);
        return inRange && (watcher.Filters & unwanted) == 0;
    }

    private void Start(WatchRequest request)
    {
        Send(new WatchBatch { WatchId = request.WatchId, Kind = WatchBatchKind.Created, Revision = status.Revision, Events = [] });
        if (request.StartRevision > 0 && request.StartRevision < hub.CompactRevision)
        {
            _watchers.TryRemove(request.WatchId, out _);
            Send(new WatchBatch
            {
                WatchId = request.WatchId,
                Kind = WatchBatchKind.Compacted,
                Revision = status.Revision,
                CompactRevision = hub.CompactRevision,
                Events = [],
            });
        }
    }

    private void Progress(long watchId) =>
        Send(new WatchBatch { WatchId = watchId, Kind = WatchBatchKind.Progress, Revision = status.Revision, Events = [] });

    private void Send(WatchBatch batch) => _batches.Writer.TryWrite(batch);
}
