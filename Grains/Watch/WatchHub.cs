using Krewe.Grains.Interfaces.Watch;
using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Watch;

/// <summary>
/// This silo's watchers (design, section 7). Live watchers sit in an interval index and get each revision as it is published; the others
/// catch up from memory or the store and then join the live flow, without a gap and without a duplicate: a watcher's
/// <see cref="Watcher.Next"/> says below which revision it needs nothing any more, whichever way it gets its events.
/// </summary>
public sealed partial class WatchHub : IWatchHub, IAsyncDisposable
{
    private const long WholeStream = -1;
    private readonly Lock _lock = new();
    private readonly RevisionLog _log;
    private readonly IRevisionHistory _history;
    private readonly WatchHubOptions _options;
    private readonly ILogger<WatchHub> _logger;
    private readonly IntervalIndex<Watcher> _index = new();
    private readonly HashSet<WatchStream> _streams = [];
    private readonly List<PendingProgress> _pendingProgress = [];
    private readonly List<Watcher> _found = [];
    private readonly List<Watcher> _touched = [];
    private readonly CatchUpLoop _catchUp;
    private Action<bool>? _demandChanged;
    private long _position;
    private long _events;
    private int _watchers;
    private bool _stopped;

    public WatchHub(RevisionLog log, IRevisionHistory history, WatchHubOptions options, TimeProvider time, ILogger<WatchHub> logger)
    {
        _history = history;
        _options = options;
        _log = log;
        _logger = logger;
        _position = history.CurrentRevision;
        _catchUp = new CatchUpLoop(this, new CatchUpReader(log, history, options), history, options, time, logger);
    }

    /// <summary>The last revision of the live flow.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>
    /// Told under the hub's lock whether there is anybody to feed: when the first stream opens, when the last one closes, and at once upon being set. Without
    /// streams the live flow may stop; what it misses is skipped or read from the store.
    /// </summary>
    public Action<bool>? DemandChanged
    {
        get => _demandChanged;
        set
        {
            lock (_lock)
            {
                _demandChanged = value;
                value?.Invoke(_streams.Count != 0);
            }
        }
    }

    public IWatchStream OpenStream()
    {
        var stream = new WatchStream(this, _options);
        lock (_lock)
        {
            stream.IsClosed = _stopped;
            if (_streams.Add(stream) && _streams.Count == 1)
            {
                // Nobody wants what was applied while nobody watched.
                SkipTo(_history.CurrentRevision);
                _demandChanged?.Invoke(true);
            }
        }

        if (stream.IsClosed)
        {
            stream.End();
        }

        return stream;
    }

    public WatchHubStatistics GetStatistics()
    {
        lock (_lock)
        {
            long current = Math.Max(_history.CurrentRevision, _position);
            long behind = _watchers == 0 ? 0 : current - _position;
            int slow = 0;
            long pending = 0;
            foreach (WatchStream stream in _streams)
            {
                pending += stream.BufferedEvents;
                slow += stream.CatchingUp;
                behind = Math.Max(behind, stream.CatchingUp == 0 ? 0 : current + 1 - LowestNext(stream));
            }

            return new WatchHubStatistics(_streams.Count, _watchers, slow, _events, pending, behind);
        }
    }

    public async ValueTask DisposeAsync()
    {
        WatchStream[] streams;
        lock (_lock)
        {
            _stopped = true;
            streams = [.. _streams];
        }

        foreach (WatchStream stream in streams)
        {
            Close(stream);
            stream.End();
        }

        await _catchUp.DisposeAsync().ConfigureAwait(false);
    }

    internal void Create(WatchStream stream, WatchRequest request)
    {
        bool live;
        var watcher = new Watcher(stream, request);
        lock (_lock)
        {
            if (stream.IsClosed)
            {
                return;
            }

            if (!stream.Watchers.TryAdd(watcher.Id, watcher))
            {
                throw new ArgumentException($"Watch id {watcher.Id} is in use.", nameof(request));
            }

            // Before the current revision is read, so that what is applied above it is applied with it.
            _log.CountPrevKvReaders(watcher.PrevKv ? 1 : 0);

            // What was acknowledged before now must not be seen by a watcher that starts now (behaviour 116).
            long current = Math.Max(_history.CurrentRevision, _position);
            watcher.Next = request.StartRevision == 0 ? current + 1 : request.StartRevision;
            stream.PushAnswer(watcher.Id, WatchBatchKind.Created, current);
            live = watcher.Next > _position && watcher.Next >= _history.CompactRevision;
            watcher.State = live ? WatcherState.Live : WatcherState.CatchingUp;
            _watchers++;
            if (live)
            {
                _index.Add(watcher.Interval, watcher);
            }
            else
            {
                stream.CatchingUp++;
            }

        }

        if (!live)
        {
            EnqueueCatchUp(watcher);
        }
    }

    internal bool Contains(WatchStream stream, long watchId)
    {
        lock (_lock)
        {
            return stream.Watchers.ContainsKey(watchId);
        }
    }

    internal bool Cancel(WatchStream stream, long watchId)
    {
        lock (_lock)
        {
            if (!stream.Watchers.TryGetValue(watchId, out Watcher? watcher))
            {
                return false;
            }

            Remove(watcher);
            stream.PushAnswer(watchId, WatchBatchKind.Canceled, Math.Max(_history.CurrentRevision, _position));
            return true;
        }
    }

    internal void RequestProgress(WatchStream stream)
    {
        lock (_lock)
        {
            long current = Math.Max(_history.CurrentRevision, _position);
            if (!MayProgress(stream, current))
            {
                return;
            }

            if (current == _position)
            {
                stream.PushAnswer(WholeStream, WatchBatchKind.Progress, current);
            }
            else if (stream.PendingProgress < _options.MaxBufferedAnswers)
            {
                stream.PendingProgress++;
                _pendingProgress.Add(new PendingProgress(stream, current));
            }
        }
    }

    /// <summary>Everything up to the answer's revision was sent to this watcher; silence if it is not in the live flow (behaviour 145).</summary>
    internal void RequestProgress(WatchStream stream, long watchId)
    {
        lock (_lock)
        {
            bool synced = stream.Watchers.TryGetValue(watchId, out Watcher? watcher) && watcher.State == WatcherState.Live;
            if (synced && watcher!.StartRevision <= _position)
            {
                stream.PushAnswer(watchId, WatchBatchKind.Progress, _position);
            }
        }
    }

    internal void Close(WatchStream stream)
    {
        lock (_lock)
        {
            stream.IsClosed = true;
            foreach (Watcher watcher in stream.Watchers.Values.ToArray())
            {
                Remove(watcher);
            }

            if (stream.PendingProgress != 0)
            {
                _pendingProgress.RemoveAll(pending => pending.Stream == stream);
            }

            if (_streams.Remove(stream) && _streams.Count == 0)
            {
                _demandChanged?.Invoke(false);
            }
        }
    }

    internal void EnqueueCatchUp(Watcher watcher) => _catchUp.Enqueue(watcher);

    /// <summary>
    /// Hands a catch-up batch out and moves the watcher on; false if it is gone or its stream is full (then it is parked). In the hub's lock,
    /// so that nothing follows a cancellation (behaviour 124).
    /// </summary>
    internal bool TryDeliverCatchUp(Watcher watcher, IReadOnlyList<WatchEvent> events, long revision, long next)
    {
        lock (_lock)
        {
            if (watcher.State != WatcherState.CatchingUp)
            {
                return false;
            }

            if (events.Count != 0)
            {
                if (!watcher.Stream.TryPushEvents(watcher, events, revision, EventSize.Of(events)))
                {
                    return false;
                }

                _events += events.Count;
            }

            watcher.Next = next;
            return true;
        }
    }

    /// <summary>Puts the watcher into the live flow if it needs nothing any more that the flow has already passed. True also if it is gone.</summary>
    internal bool TryJoin(Watcher watcher)
    {
        lock (_lock)
        {
            // The flow may be behind a compaction. Who starts below that is refused all the same (behaviour 106).
            if (watcher.State == WatcherState.CatchingUp && watcher.Next > _position && watcher.Next >= _history.CompactRevision)
            {
                watcher.State = WatcherState.Live;
                watcher.Stream.CatchingUp--;
                _index.Add(watcher.Interval, watcher);
            }

            return watcher.State != WatcherState.CatchingUp;
        }
    }

    /// <summary>The watcher needs what was compacted away (behaviours 106, 120).</summary>
    internal void CancelCompacted(Watcher watcher, long compactRevision)
    {
        lock (_lock)
        {
            if (watcher.State == WatcherState.CatchingUp)
            {
                Remove(watcher);
                watcher.Stream.PushAnswer(watcher.Id, WatchBatchKind.Compacted, 0, compactRevision);
            }
        }
    }

    private static long LowestNext(WatchStream stream)
    {
        long lowest = long.MaxValue;
        foreach (Watcher watcher in stream.Watchers.Values)
        {
            lowest = watcher.State == WatcherState.CatchingUp ? Math.Min(lowest, watcher.Next) : lowest;
        }

        return lowest;
    }

    // All watchers in the live flow and started, and at least one (behaviours 145, 147, 148).
    private static bool MayProgress(WatchStream stream, long current)
    {
        if (stream.Watchers.Count == 0 || stream.CatchingUp != 0)
        {
            return false;
        }

        foreach (Watcher watcher in stream.Watchers.Values)
        {
            if (watcher.StartRevision > current)
            {
                return false;
            }
        }

        return true;
    }

    private void Remove(Watcher watcher)
    {
        if (watcher.State == WatcherState.Live)
        {
            _index.Remove(watcher.Interval, watcher);
        }
        else
        {
            watcher.Stream.CatchingUp--;
        }

        watcher.State = WatcherState.Removed;
        _log.CountPrevKvReaders(watcher.PrevKv ? -1 : 0);
        watcher.Stream.Watchers.Remove(watcher.Id);
        _watchers--;
    }

    private void AnswerProgress()
    {
        if (_pendingProgress.Count == 0)
        {
            return;
        }

        _pendingProgress.RemoveAll(pending =>
        {
            if (pending.Revision > _position)
            {
                return false;
            }

            pending.Stream.PendingProgress--;
            if (MayProgress(pending.Stream, _position))
            {
                pending.Stream.PushAnswer(WholeStream, WatchBatchKind.Progress, _position);
            }

            return true;
        });
    }

    private readonly record struct PendingProgress(WatchStream Stream, long Revision);
}
