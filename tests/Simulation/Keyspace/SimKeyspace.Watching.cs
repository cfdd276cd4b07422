using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <content>Watchers: history until they have caught up with the live flow, then that.</content>
internal sealed partial class SimKeyspace : IRevisionSink
{
    private readonly List<RevisionEvents> _live = [];
    private long _liveFrom = 2;

    public bool WantsPrevKv => true;

    private long LiveEnd => _liveFrom + _live.Count;

    public void Publish(RevisionEvents revision)
    {
        if (revision.Revision != LiveEnd)
        {
            throw new SimulationException($"node {_node.Id} publishes revision {revision.Revision} after {LiveEnd - 1}");
        }

        _live.Add(revision);
    }

    public void Reset(long revision)
    {
        _live.Clear();
        _liveFrom = revision + 1;
    }

    private void ServeWatchers()
    {
        foreach (SimWatcher watcher in _history.Watchers)
        {
            if (watcher.Host is null or { _node.IsUp: false } || (watcher.Host != this && watcher.Host._node.State != watcher.Host))
            {
                watcher.Host = null;
                if (Random.Chance(0.3))
                {
                    Resume(watcher);
                }
            }
            else if (watcher.Host == this && Random.Chance(0.04))
            {
                watcher.Host = null;
            }
            else if (watcher.Host == this)
            {
                Serve(watcher);
            }
        }
    }

    private void Resume(SimWatcher watcher)
    {
        watcher.Host = this;
        watcher.Resumes++;
        _history.Counts.WatchResumes++;
        if (Has(SeededBug.WatchResumesTooEarly) && watcher.Next > 2)
        {
            watcher.Next--;
        }
    }

    private void Serve(SimWatcher watcher)
    {
        var interval = KeyInterval.From(watcher.Key, watcher.RangeEnd);
        if (Has(SeededBug.WatchSkipsSnapshot) && watcher.Received.Count > 0)
        {
            watcher.Next = Math.Max(watcher.Next, _liveFrom);
        }

        int max = Random.Between(1, 5);
        if (watcher.Next >= _liveFrom)
        {
            for (; max > 0 && watcher.Next < LiveEnd; max--)
            {
                Deliver(watcher, interval, _live[(int)(watcher.Next - _liveFrom)]);
                watcher.Next++;
            }

            return;
        }

        HistoryPage page = State.History(watcher.Next, _liveFrom - 1, interval, max, withPrevKv: true);
        if (page.Error == EtcdError.Compacted)
        {
            watcher.Compacted.Add((watcher.Next, page.CompactRevision - 1));
            watcher.Next = page.CompactRevision;
            return;
        }

        foreach (RevisionEvents revision in page.Revisions)
        {
            Deliver(watcher, interval, revision);
        }

        watcher.Next = page.NextRevision;
    }

    private void Deliver(SimWatcher watcher, KeyInterval interval, RevisionEvents revision)
    {
        WatchEvent[] events = [.. revision.Events.Where(e => interval.Contains(e.Kv.Key.Span))];
        if (events.Length > 0)
        {
            _history.Counts.WatchEvents += events.Length;
            watcher.Received.Add(new RevisionEvents(revision.Revision, events));
        }
    }
}
