using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Watch;

/// <summary>One watcher. Its state belongs to the hub's lock; while it catches up, <see cref="Next"/> belongs to the catch-up loop.</summary>
internal sealed class Watcher
{
    private List<WatchEvent>? _part;
    private int _gathered;

    public Watcher(WatchStream stream, WatchRequest request)
    {
        Stream = stream;
        Id = request.WatchId;
        Interval = KeyInterval.From(request.Key, request.RangeEnd);
        StartRevision = request.StartRevision;
        Filters = request.Filters;
        PrevKv = request.PrevKv;
    }

    public WatchStream Stream { get; }

    public long Id { get; }

    public KeyInterval Interval { get; }

    public long StartRevision { get; }

    public WatchFilters Filters { get; }

    public bool PrevKv { get; }

    public WatcherState State { get; set; }

    /// <summary>Every event below this revision was delivered or is not wanted.</summary>
    public long Next { get; set; }

    public bool Wants(WatchEvent watchEvent) =>
        Filters == WatchFilters.None || (Filters & (watchEvent.IsDelete ? WatchFilters.NoDelete : WatchFilters.NoPut)) == 0;

    /// <summary>Notes an event of the revision that is being published. True for the first one.</summary>
    public bool Gather(IReadOnlyList<WatchEvent> revision, int index)
    {
        if (_part is null && _gathered != index)
        {
            _part = new List<WatchEvent>();
            for (int i = 0; i < _gathered; i++)
            {
                _part.Add(revision[i]);
            }
        }

        _part?.Add(revision[index]);
        return _gathered++ == 0;
    }

    /// <summary>The gathered events: the revision's own list if it wants all of it. Ends the gathering.</summary>
    public IReadOnlyList<WatchEvent> TakeGathered(IReadOnlyList<WatchEvent> revision)
    {
        IReadOnlyList<WatchEvent> events = _part ?? (_gathered == revision.Count ? revision : [.. revision.Take(_gathered)]);
        _part = null;
        _gathered = 0;
        return events;
    }
}
