using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>One watcher of a client. Its state belongs to the hub's lock.</summary>
internal sealed class GatewayWatcher(GatewayWatchStream stream, WatchRequest request, SharedWatch shared)
{
    public GatewayWatchStream Stream => stream;

    public WatchRequest Request => request;

    public SharedWatch Shared => shared;

    public GatewayWatcherState State { get; set; }

    /// <summary>Every event below this revision was delivered or is not wanted.</summary>
    public long Next { get; set; }

    /// <summary>While it catches up.</summary>
    public CatchUp? CatchUp { get; set; }

    /// <summary>The events of a batch that it still wants: the batch's own list if those are all.</summary>
    public IReadOnlyList<WatchEvent> Wanted(IReadOnlyList<WatchEvent> events)
    {
        var wanted = 0;
        for (var i = 0; i < events.Count; i++)
        {
            wanted += Wants(events[i]) ? 1 : 0;
        }

        return wanted == events.Count ? events : [.. events.Where(Wants)];
    }

    private bool Wants(WatchEvent change) =>
        change.Kv.ModRevision >= Next
        && (request.Filters & (change.IsDelete ? WatchFilters.NoDelete : WatchFilters.NoPut)) == 0;
}
