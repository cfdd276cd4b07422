using Krewe.Raft.Core;

namespace Krewe.Silo.Tests.Replication;

/// <summary>The snapshots of a member whose log is whole: nobody asks for them.</summary>
internal sealed class NoSnapshots : ISnapshotSource
{
    public SnapshotMetadata? TryGetSnapshot(ulong minIndex) => null;
}
