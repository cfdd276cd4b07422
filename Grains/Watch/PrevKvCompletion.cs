using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>
/// Adds the previous state to events that were applied while nobody wanted it (<see cref="Keyspace.IRevisionSink.WantsPrevKv"/>). Events are
/// shared and never changed, so a completed one is another object.
/// </summary>
internal static class PrevKvCompletion
{
    public static WatchEvent Complete(WatchEvent watchEvent, IRevisionHistory history) =>
        IsMissing(watchEvent) && history.GetPrevKv(watchEvent) is { } previous
            ? new WatchEvent(watchEvent.IsDelete, watchEvent.Kv, previous)
            : watchEvent;

    /// <summary>The same revision if it lacks nothing.</summary>
    public static RevisionEvents Complete(RevisionEvents revision, IRevisionHistory history)
    {
        for (int i = 0; i < revision.Events.Count; i++)
        {
            if (IsMissing(revision.Events[i]))
            {
                return new RevisionEvents(revision.Revision, [.. revision.Events.Select(watchEvent => Complete(watchEvent, history))]);
            }
        }

        return revision;
    }

    private static bool IsMissing(WatchEvent watchEvent) =>
        watchEvent.PrevKv is null && (watchEvent.IsDelete || watchEvent.Kv.CreateRevision != watchEvent.Kv.ModRevision);
}
