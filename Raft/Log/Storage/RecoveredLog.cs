using Krewe.Raft.Core;

namespace Krewe.Raft.Log.Storage;

/// <summary>What the segments on disk say, and where to go on writing.</summary>
internal sealed class RecoveredLog
{
    internal LogIndex Index { get; } = new();

    internal WalIdentity Identity { get; set; }

    internal ReadOnlyMemory<byte> Metadata { get; set; }

    internal HardState HardState { get; set; }

    internal SnapshotMarker? Snapshot { get; set; }

    /// <summary>CRC of the last record.</summary>
    internal uint Crc { get; set; }

    internal WalTornTail? TornTail { get; set; }
}
