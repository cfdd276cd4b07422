namespace Krewe.Grains.Gateway.Watch;

/// <summary>Where a watcher gets its events from.</summary>
internal enum GatewayWatcherState
{
    /// <summary>From nowhere yet: the shared watch is being created.</summary>
    Starting,

    /// <summary>From the shared watch.</summary>
    Live,

    /// <summary>From a watch of its own on a member.</summary>
    CatchingUp,

    /// <summary>From nowhere until its stream's reader has made room.</summary>
    Parked,
    Removed,
}
