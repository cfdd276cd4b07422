namespace Krewe.Raft.Core;

/// <summary>Tells the core which snapshot can be sent to a peer whose next entries are compacted away.</summary>
public interface ISnapshotSource
{
    /// <summary>
    /// The newest snapshot that is ready to be sent, or null while there is none yet. The core asks again after the
    /// peer's next heartbeat response; being asked is the hint to start making one. A snapshot older than the
    /// log's compaction point is of no use and is treated as null.
    /// </summary>
    SnapshotMetadata? TryGetSnapshot();
}
