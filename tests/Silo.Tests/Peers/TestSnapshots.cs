using Krewe.Raft.Core;

namespace Krewe.Silo.Tests.Peers;

/// <summary>A snapshot that a test made, whose data is its handle.</summary>
internal sealed class TestSnapshots : ISnapshotSource
{
    public SnapshotMetadata? Newest { get; set; }

    public SnapshotMetadata? TryGetSnapshot(ulong minIndex) => Newest is { } newest && newest.Index >= minIndex ? newest : null;
}
