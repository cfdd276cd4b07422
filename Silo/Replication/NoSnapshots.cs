using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>The snapshots of a cluster of one: nobody asks for them.</summary>
internal sealed class NoSnapshots : ISnapshotSource
{
    public SnapshotMetadata? TryGetSnapshot(ulong minIndex) => null;
}
