using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <content>The live flow: revisions as they are published, and the watchers that fall out of it.</content>
public sealed partial class WatchHub
{
    /// <summary>
    /// The live flow: revisions in ascending order, each at least once. Those that were seen before are ignored; after a gap the watchers
    /// read the store.
    /// </summary>
    public void Publish(ReadOnlySpan<RevisionEvents> revisions)
    {
        lock (_lock)
        {
            foreach (RevisionEvents revision in revisions)
            {
                if (revision.Revision > _position && revision.Events.Count != 0)
                {
                    SkipTo(revision.Revision - 1);
                    Deliver(_log.WantsPrevKv ? PrevKvCompletion.Complete(revision, _history) : revision);
                    Volatile.Write(ref _position, revision.Revision);
                }
            }

            AnswerProgress();
        }
    }

    /// <summary>The live flow goes on above this revision: everything up to it must be in the store.</summary>
    public void JumpTo(long revision)
    {
        lock (_lock)
        {
            SkipTo(revision);
            AnswerProgress();
        }
    }

    /// <summary>The same because what is between could not be published.</summary>
    internal void JumpOver(long revision, Exception why)
    {
        LogNotPublished(_logger, why);
        lock (_lock)
        {
            _touched.Clear();
            SkipTo(revision);
            AnswerProgress();
        }
    }

    private void Deliver(RevisionEvents revision)
    {
        IReadOnlyList<WatchEvent> events = revision.Events;
        for (int i = 0; i < events.Count; i++)
        {
            _found.Clear();
            _index.Find(events[i].Kv.Key.Span, _found);
            foreach (Watcher watcher in _found)
            {
                if (watcher.Next <= revision.Revision && watcher.Wants(events[i]) && watcher.Gather(events, i))
                {
                    _touched.Add(watcher);
                }
            }
        }

        foreach (Watcher watcher in _touched)
        {
            Push(watcher, watcher.TakeGathered(events), revision.Revision);
        }

        _touched.Clear();
    }

    private void Push(Watcher watcher, IReadOnlyList<WatchEvent> events, long revision)
    {
        if (watcher.Stream.TryPushEvents(watcher, events, revision, EventSize.Of(events)))
        {
            watcher.Next = revision + 1;
            _events += events.Count;
        }
        else
        {
            // Too slow: the stream has parked it, and from here on it reads the store (behaviour 138).
            watcher.Next = revision;
            LeaveLiveFlow(watcher);
        }
    }

    private void SkipTo(long revision)
    {
        if (revision <= _position)
        {
            return;
        }

        long first = _position + 1;
        Volatile.Write(ref _position, revision);
        if (_watchers != 0)
        {
            LogGap(_logger, first, revision);
        }

        foreach (WatchStream stream in _streams)
        {
            foreach (Watcher watcher in stream.Watchers.Values)
            {
                if (watcher.State == WatcherState.Live && watcher.Next <= revision)
                {
                    watcher.Next = Math.Max(watcher.Next, first);
                    LeaveLiveFlow(watcher);
                    EnqueueCatchUp(watcher);
                }
            }
        }
    }

    private void LeaveLiveFlow(Watcher watcher)
    {
        watcher.State = WatcherState.CatchingUp;
        watcher.Stream.CatchingUp++;
        _index.Remove(watcher.Interval, watcher);
    }
}
