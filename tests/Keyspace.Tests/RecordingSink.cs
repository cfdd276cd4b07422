using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;

namespace Krewe.Keyspace.Tests;

/// <summary>Keeps what was published.</summary>
internal sealed class RecordingSink : IRevisionSink
{
    public bool WantsPrevKv { get; set; } = true;

    public List<RevisionEvents> Published { get; } = [];

    public List<long> Resets { get; } = [];

    public void Publish(RevisionEvents revision) => Published.Add(revision);

    public void Reset(long revision) => Resets.Add(revision);
}
