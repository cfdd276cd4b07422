using Krewe.Raft.Core;

namespace Krewe.Raft.Log;

/// <summary>What was found when the log was opened.</summary>
/// <param name="Identity">Cluster and member that wrote it.</param>
/// <param name="Metadata">The bytes given when it was created.</param>
/// <param name="HardState">The last hard state; all zero if none was written.</param>
/// <param name="Snapshot">The last snapshot marker, if there is one.</param>
/// <param name="FirstIndex">The first index that can be read; one more than <paramref name="LastIndex"/> if the log is empty.</param>
/// <param name="LastIndex">The last index; 0 for a new log.</param>
/// <param name="Segments">Number of segment files.</param>
/// <param name="TornTail">What was cut off the end, if anything.</param>
public sealed record WalOpenResult(
    WalIdentity Identity,
    ReadOnlyMemory<byte> Metadata,
    HardState HardState,
    SnapshotMarker? Snapshot,
    ulong FirstIndex,
    ulong LastIndex,
    int Segments,
    WalTornTail? TornTail);
