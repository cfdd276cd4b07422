namespace Krewe.Grains.Watch;

/// <summary>Where a watcher gets its events from.</summary>
internal enum WatcherState
{
    /// <summary>In the index: from the live flow.</summary>
    Live,

    /// <summary>Out of the index: from memory or the store, until it has reached the live flow.</summary>
    CatchingUp,

    Removed,
}
