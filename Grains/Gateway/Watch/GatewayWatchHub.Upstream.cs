using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <content>What members send.</content>
public sealed partial class GatewayWatchHub
{
    IReadOnlyList<WatchRequest> IUpstreamReceiver.Connected()
    {
        lock (_lock)
        {
            foreach (var shared in _byId.Values)
            {
                shared.IsOnMember = false;
            }

            return [.. _byId.Values.Select(shared => shared.Request)];
        }
    }

    void IUpstreamReceiver.Received(WatchBatch batch)
    {
        lock (_lock)
        {
            if (batch.Kind == WatchBatchKind.Progress)
            {
                Progress(batch);
                return;
            }

            if (!_byId.TryGetValue(batch.WatchId, out var shared))
            {
                CancelUnknown(batch);
                return;
            }

            switch (batch.Kind)
            {
                case WatchBatchKind.Created:
                    Establish(shared, batch.Revision);
                    break;
                case WatchBatchKind.Events:
                    Publish(shared, batch);
                    break;
                case WatchBatchKind.Compacted:
                    Compact(shared, batch.CompactRevision);
                    break;
                case WatchBatchKind.Canceled when batch.Error != EtcdError.None:
                    Refuse(shared, batch.Error);
                    break;
            }
        }
    }

    bool IUpstreamReceiver.WantsProgress()
    {
        lock (_lock)
        {
            return _pendingProgress.Count > 0;
        }
    }

    /// <summary>First revision that a watcher still wants.</summary>
    internal long NextOf(GatewayWatcher watcher)
    {
        lock (_lock)
        {
            return watcher.Next;
        }
    }

    /// <summary>A batch for a watcher that catches up.</summary>
    internal void CaughtUp(CatchUp source, GatewayWatcher watcher, WatchBatch batch)
    {
        lock (_lock)
        {
            if (watcher.CatchUp != source)
            {
                return;
            }

            switch (batch.Kind)
            {
                case WatchBatchKind.Events:
                    Deliver(watcher, batch);
                    break;
                case WatchBatchKind.Progress:
                    watcher.Next = Math.Max(watcher.Next, batch.Revision + 1);
                    break;
                case WatchBatchKind.Compacted:
                    Remove(watcher);
                    watcher.Stream.PushAnswer(watcher.Request.WatchId, WatchBatchKind.Compacted, 0, batch.CompactRevision);
                    return;
                case WatchBatchKind.Canceled when batch.Error != EtcdError.None:
                    Refuse(watcher, batch.Error);
                    return;
            }

            if (watcher.State == GatewayWatcherState.CatchingUp && watcher.Next > watcher.Shared.Position)
            {
                EndCatchUp(watcher);
                Place(watcher);
            }
        }
    }

    // A creation that overtook its cancellation, which can happen around the change of a member.
    private void CancelUnknown(in WatchBatch batch)
    {
        if (batch.Kind == WatchBatchKind.Created)
        {
            _ = _live.CancelAsync(batch.WatchId);
        }
    }

    /// <summary>A member has created the watch: anew after another one was lost, else for the first time.</summary>
    private void Establish(SharedWatch shared, long revision)
    {
        shared.IsOnMember = true;
        if (shared.IsEstablished)
        {
            return;
        }

        shared.Position = revision;
        foreach (var watcher in shared.Users.Where(w => w.State == GatewayWatcherState.Starting).ToArray())
        {
            Start(watcher);
        }
    }

    private static void Publish(SharedWatch shared, in WatchBatch batch)
    {
        foreach (var watcher in shared.Live.ToArray())
        {
            Deliver(watcher, batch);
        }

        shared.Position = Math.Max(shared.Position, batch.Events[^1].Kv.ModRevision);
    }

    /// <summary>Whole revisions only are delivered, and the last event's is the highest (behaviours 133, 134).</summary>
    private static void Deliver(GatewayWatcher watcher, in WatchBatch batch)
    {
        var events = watcher.Wanted(batch.Events);
        if (events.Count > 0 && !watcher.Stream.TryPushEvents(watcher.Request.WatchId, events, batch.Revision))
        {
            Park(watcher);
            return;
        }

        watcher.Next = Math.Max(watcher.Next, batch.Events[^1].Kv.ModRevision + 1);
    }

    /// <summary>The history that is missing was compacted while no member was connected (behaviours 106, 120).</summary>
    private void Compact(SharedWatch shared, long compactRevision)
    {
        foreach (var watcher in shared.Live.ToArray())
        {
            Remove(watcher);
            watcher.Stream.PushAnswer(watcher.Request.WatchId, WatchBatchKind.Compacted, 0, compactRevision);
        }

        // Those that catch up go by what is theirs; the next one to join needs a watch that is alive.
        if (_byId.Remove(shared.Id))
        {
            _shared.Remove(shared.Key);
            foreach (var watcher in shared.Users.ToArray())
            {
                Remove(watcher);
                watcher.Stream.PushAnswer(watcher.Request.WatchId, WatchBatchKind.Compacted, 0, compactRevision);
            }
        }
    }

    /// <summary>The owner of the token may not watch this, or not any more.</summary>
    private void Refuse(SharedWatch shared, EtcdError error)
    {
        // First, so that nobody joins it and nothing is cancelled on the member, where it is gone.
        _byId.Remove(shared.Id);
        _shared.Remove(shared.Key);
        foreach (var watcher in shared.Users.ToArray())
        {
            Refuse(watcher, error);
        }
    }

    private void Refuse(GatewayWatcher watcher, EtcdError error)
    {
        if (watcher.State == GatewayWatcherState.Starting)
        {
            watcher.Stream.PushAnswer(watcher.Request.WatchId, WatchBatchKind.Created, _status.Revision);
        }

        Remove(watcher);
        watcher.Stream.PushAnswer(watcher.Request.WatchId, WatchBatchKind.Canceled, _status.Revision, error: error);
    }
}
