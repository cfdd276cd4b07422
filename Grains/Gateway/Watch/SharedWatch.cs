using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>One watcher on a member, for all watchers of the gateway that want the same interval. Its state belongs to the hub's lock.</summary>
internal sealed class SharedWatch(long id, WatchRequest like)
{
    public long Id => id;

    public SharedWatchKey Key { get; } = new(like);

    /// <summary>Everything up to this revision was handed to the live watchers; 0 until the member has created it.</summary>
    public long Position { get; set; }

    public bool IsEstablished => Position > 0;

    /// <summary>Whether the member that is connected now has it: what that member says of its whole stream goes for this watch too.</summary>
    public bool IsOnMember { get; set; }

    /// <summary>Watchers that get its events.</summary>
    public HashSet<GatewayWatcher> Live { get; } = [];

    /// <summary>All watchers that hold on to it, live or not.</summary>
    public HashSet<GatewayWatcher> Users { get; } = [];

    /// <summary>Completes when the member was told of it, so that a cancellation does not overtake the creation.</summary>
    public Task Created { get; set; } = Task.CompletedTask;

    /// <summary>What a member is asked for: to go on where the last one ended.</summary>
    public WatchRequest Request => like with
    {
        WatchId = id,
        StartRevision = IsEstablished ? Position + 1 : 0,
        Filters = WatchFilters.None,
    };
}
