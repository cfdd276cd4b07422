using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Keyspace;

/// <summary>Receives each applied revision once, in order, on the apply thread; must not block.</summary>
public interface IRevisionSink
{
    void Publish(RevisionEvents revision);
}
