using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Simulation.Keyspace;

/// <summary>A watcher of an interval that moves from node to node and goes on after what it has seen.</summary>
internal sealed class SimWatcher(byte[] key, byte[] rangeEnd)
{
    public byte[] Key { get; } = key;

    public byte[] RangeEnd { get; } = rangeEnd;

    /// <summary>Where it is served; null while it looks for a node.</summary>
    public SimKeyspace? Host { get; set; }

    /// <summary>Times that it went on at a node.</summary>
    public int Resumes { get; set; }

    /// <summary>The next revision it wants.</summary>
    public long Next { get; set; } = 2;

    /// <summary>What it was told.</summary>
    public List<RevisionEvents> Received { get; } = [];

    /// <summary>Revisions, both ends inclusive, that were compacted before it got them: it was cancelled and told so.</summary>
    public List<(long From, long To)> Compacted { get; } = [];
}
