namespace Krewe.Raft.Core;

/// <summary>Tells the core which snapshot can be sent to a peer whose next entries are compacted away.</summary>
public interface ISnapshotSource
{
    /// <summary>
    /// The newest snapshot that is ready to be sent if it is at least at <paramref name="minIndex"/>, else null. The core asks again after
    /// the peer's next heartbeat response; being asked is the hint to start making one.
    /// </summary>
    /// <param name="minIndex">
    /// The log's compaction point or the last membership change, whichever is later: an older snapshot does not lead on to the log, or
    /// does not know the peer. Never above the applied index.
    /// </param>
    SnapshotMetadata? TryGetSnapshot(ulong minIndex);
}
