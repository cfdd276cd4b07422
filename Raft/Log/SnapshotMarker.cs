namespace Krewe.Raft.Log;

/// <summary>A note in the log that the state machine up to an index is held by a snapshot.</summary>
/// <param name="Index">The last index the snapshot covers.</param>
/// <param name="Term">The term of the entry at <paramref name="Index"/>.</param>
/// <param name="ConfState">The encoded membership at <paramref name="Index"/>; the log doesn't look into it.</param>
public readonly record struct SnapshotMarker(ulong Index, ulong Term, ReadOnlyMemory<byte> ConfState);
