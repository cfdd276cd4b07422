using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Keyspace;

/// <summary>Receives each applied revision once, in order, on the apply thread; must not block.</summary>
public interface IRevisionSink
{
    /// <summary>
    /// Whether some watcher wants the previous state. If not, events lack it where it would have to be read from the store;
    /// <see cref="KeyspaceState.GetPrevKv"/> finds it later.
    /// </summary>
    bool WantsPrevKv { get; }

    void Publish(RevisionEvents revision);

    /// <summary>The state was loaded from a store at this revision: what is published next is above it, and what is missing is history.</summary>
    void Reset(long revision);
}
