using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <content>Requests for progress: one question to the member answers all that wait.</content>
public sealed partial class GatewayWatchHub
{
    private readonly List<PendingProgress> _pendingProgress = [];
    private bool _asksForProgress;

    /// <summary>
    /// Asks how far the stream, or one watcher, is. Silence if a watcher of it is not in the live flow or starts in the future
    /// (behaviours 145, 147, 148).
    /// </summary>
    internal void RequestProgress(GatewayWatchStream stream, long watchId)
    {
        lock (_lock)
        {
            var current = _status.Revision;
            if (stream.PendingProgress >= _options.MaxPendingProgress || !MayProgress(stream, watchId, current))
            {
                return;
            }

            stream.PendingProgress++;
            _pendingProgress.Add(new PendingProgress(stream, watchId, current));
            if (!_asksForProgress)
            {
                _asksForProgress = true;
                _ = AskForProgressAsync();
            }
        }
    }

    private static bool MayProgress(GatewayWatchStream stream, long watchId, long revision) => watchId == WholeStream
        ? stream.Watchers.Count > 0 && stream.Watchers.Values.All(watcher => MayProgress(watcher, revision))
        : stream.Watchers.TryGetValue(watchId, out var one) && MayProgress(one, revision);

    private static bool MayProgress(GatewayWatcher watcher, long revision) =>
        watcher.State == GatewayWatcherState.Live && watcher.Request.StartRevision <= revision;

    // A member keeps silent while one of its watchers catches up, so it is asked again.
    private async Task AskForProgressAsync()
    {
        while (true)
        {
            await _live.RequestProgressAsync().ConfigureAwait(false);
            await Task.Delay(_options.ProgressRetryDelay, _time).ConfigureAwait(false);
            lock (_lock)
            {
                if (_pendingProgress.Count == 0 || _stopped)
                {
                    _asksForProgress = false;
                    return;
                }
            }
        }
    }

    /// <summary>The member has sent everything up to a revision on all shared watches.</summary>
    private void Progress(in WatchBatch batch)
    {
        if (batch.WatchId != WholeStream)
        {
            return;
        }

        var revision = batch.Revision;
        foreach (var shared in _byId.Values.Where(shared => shared.IsOnMember))
        {
            shared.Position = Math.Max(shared.Position, revision);
        }

        _pendingProgress.RemoveAll(pending => Answer(pending, revision));
    }

    private static bool Answer(in PendingProgress pending, long revision)
    {
        var may = MayProgress(pending.Stream, pending.WatchId, revision);
        if (pending.Revision > revision || (may && !HasReached(pending.Stream, revision)))
        {
            return false;
        }

        pending.Stream.PendingProgress--;
        if (may)
        {
            pending.Stream.PushAnswer(pending.WatchId, WatchBatchKind.Progress, revision);
        }

        return true;
    }

    // Not so while a watch waits for its turn on a new member.
    private static bool HasReached(GatewayWatchStream stream, long revision) =>
        stream.Watchers.Values.All(watcher => watcher.Shared.Position >= revision);

    private void ForgetProgress(GatewayWatchStream stream)
    {
        if (stream.PendingProgress > 0)
        {
            stream.PendingProgress = 0;
            _pendingProgress.RemoveAll(pending => pending.Stream == stream);
        }
    }

    private readonly record struct PendingProgress(GatewayWatchStream Stream, long WatchId, long Revision);
}
