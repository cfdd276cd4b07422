using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>
/// A gateway's watchers. Those that want the same interval share one watcher on a member, whatever their number; one that starts in the past, or
/// is slow, catches up by a watch of its own and then joins. A watcher's <see cref="GatewayWatcher.Next"/> says below which revision it
/// needs nothing any more, whichever way it gets its events, so that it sees each once and in order, also when a member is lost.
/// </summary>
public sealed partial class GatewayWatchHub : IWatchHub, IUpstreamReceiver, IAsyncDisposable
{
    internal const long WholeStream = -1;

    private readonly Lock _lock = new();
    private readonly Func<IWatchRelayGrain> _open;
    private readonly GatewayStatus _status;
    private readonly MemberLoss _loss;
    private readonly GatewayWatchOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<SharedWatchKey, SharedWatch> _shared = [];
    private readonly Dictionary<long, SharedWatch> _byId = [];
    private readonly HashSet<GatewayWatchStream> _streams = [];
    private readonly SemaphoreSlim _catchUpTurns;
    private readonly UpstreamSession _live;
    private long _nextId = 1;
    private bool _stopped;

    /// <param name="open">A relay that nobody uses yet.</param>
    /// <param name="status">Learns revisions from the watches.</param>
    /// <param name="loss">Says when a connection to a member is gone.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Clock of the pauses.</param>
    public GatewayWatchHub(
        Func<IWatchRelayGrain> open, GatewayStatus status, MemberLoss loss, GatewayWatchOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _open = open;
        _status = status;
        _loss = loss;
        _options = options;
        _time = time;
        _catchUpTurns = new SemaphoreSlim(options.MaxCatchUps);
        _live = new UpstreamSession(open, this, status, loss, options.FetchWait, options.ReconnectDelay, time);
    }

    /// <summary>Watchers of clients, and the watchers on members that they share.</summary>
    public (int Watchers, int Shared, int CatchingUp, int Reconnects) Count()
    {
        lock (_lock)
        {
            var all = _streams.SelectMany(stream => stream.Watchers.Values).ToArray();
            return (all.Length, _shared.Count, all.Count(w => w.State is GatewayWatcherState.CatchingUp or GatewayWatcherState.Parked), _live.Reconnects);
        }
    }

    public IWatchStream OpenStream()
    {
        var stream = new GatewayWatchStream(this, _options);
        lock (_lock)
        {
            _streams.Add(stream);
            stream.IsClosed = _stopped;
        }

        if (stream.IsClosed)
        {
            stream.End();
        }

        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        GatewayWatchStream[] streams;
        lock (_lock)
        {
            _stopped = true;
            streams = [.. _streams];
        }

        foreach (var stream in streams)
        {
            Close(stream);
            stream.End();
        }

        await _live.DisposeAsync().ConfigureAwait(false);
    }

    internal void Create(GatewayWatchStream stream, WatchRequest request)
    {
        lock (_lock)
        {
            if (stream.IsClosed)
            {
                return;
            }

            var shared = Share(request);
            var watcher = new GatewayWatcher(stream, request, shared);
            if (!stream.Watchers.TryAdd(request.WatchId, watcher))
            {
                throw new ArgumentException($"Watch id {request.WatchId} is in use.", nameof(request));
            }

            shared.Users.Add(watcher);
            if (shared.IsEstablished)
            {
                Start(watcher);
            }
        }
    }

    internal bool Contains(GatewayWatchStream stream, long watchId)
    {
        lock (_lock)
        {
            return stream.Watchers.ContainsKey(watchId);
        }
    }

    internal bool Cancel(GatewayWatchStream stream, long watchId)
    {
        lock (_lock)
        {
            if (!stream.Watchers.TryGetValue(watchId, out var watcher))
            {
                return false;
            }

            if (watcher.State == GatewayWatcherState.Starting)
            {
                stream.PushAnswer(watchId, WatchBatchKind.Created, _status.Revision);
            }

            Remove(watcher);
            stream.PushAnswer(watchId, WatchBatchKind.Canceled, _status.Revision);
            return true;
        }
    }

    internal void Close(GatewayWatchStream stream)
    {
        lock (_lock)
        {
            stream.IsClosed = true;
            foreach (var watcher in stream.Watchers.Values.ToArray())
            {
                Remove(watcher);
            }

            ForgetProgress(stream);
            _streams.Remove(stream);
        }
    }

    /// <summary>The stream's reader has made room.</summary>
    internal void Resume(GatewayWatchStream stream)
    {
        lock (_lock)
        {
            foreach (var watcher in stream.Watchers.Values.Where(w => w.State == GatewayWatcherState.Parked))
            {
                Place(watcher);
            }
        }
    }

    /// <summary>The shared watch of a request; a new one is asked of the member at once.</summary>
    private SharedWatch Share(WatchRequest request)
    {
        var key = new SharedWatchKey(request);
        if (!_shared.TryGetValue(key, out var shared))
        {
            shared = new SharedWatch(_nextId++, request);
            _shared.Add(key, shared);
            _byId.Add(shared.Id, shared);
            shared.Created = _live.CreateAsync(shared.Request);
        }

        return shared;
    }

    private void Start(GatewayWatcher watcher)
    {
        // What was acknowledged through this gateway before now must not be seen by a watcher that starts now (behaviour 116).
        var current = Math.Max(_status.Revision, watcher.Shared.Position);
        watcher.Next = watcher.Request.StartRevision == 0 ? current + 1 : watcher.Request.StartRevision;
        watcher.Stream.PushAnswer(watcher.Request.WatchId, WatchBatchKind.Created, current);
        Place(watcher);
    }

    private void Place(GatewayWatcher watcher)
    {
        if (watcher.Next > watcher.Shared.Position)
        {
            watcher.State = GatewayWatcherState.Live;
            watcher.Shared.Live.Add(watcher);
            return;
        }

        watcher.State = GatewayWatcherState.CatchingUp;
        watcher.CatchUp = new CatchUp(this, watcher);
        _ = watcher.CatchUp.RunAsync(
            _catchUpTurns,
            receiver => new UpstreamSession(_open, receiver, _status, _loss, _options.CatchUpWait, _options.ReconnectDelay, _time));
    }

    private static void Park(GatewayWatcher watcher)
    {
        watcher.State = GatewayWatcherState.Parked;
        watcher.Shared.Live.Remove(watcher);
        EndCatchUp(watcher);
    }

    private static void EndCatchUp(GatewayWatcher watcher)
    {
        watcher.CatchUp?.Stop();
        watcher.CatchUp = null;
    }

    private void Remove(GatewayWatcher watcher)
    {
        watcher.State = GatewayWatcherState.Removed;
        EndCatchUp(watcher);
        watcher.Stream.Watchers.Remove(watcher.Request.WatchId);
        var shared = watcher.Shared;
        shared.Live.Remove(watcher);
        shared.Users.Remove(watcher);
        if (shared.Users.Count == 0 && _byId.Remove(shared.Id))
        {
            _shared.Remove(shared.Key);
            _ = CancelAsync(shared);
        }
    }

    private async Task CancelAsync(SharedWatch shared)
    {
        await shared.Created.ConfigureAwait(false);
        await _live.CancelAsync(shared.Id).ConfigureAwait(false);
    }
}
