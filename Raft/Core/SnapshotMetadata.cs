namespace Krewe.Raft.Core;

/// <summary>What the core has to know of a state machine snapshot. The data travels by the driver.</summary>
/// <param name="Index">Last applied index that the snapshot contains.</param>
/// <param name="Term">Term of that entry.</param>
/// <param name="ConfState">Configuration as of that index.</param>
/// <param name="Handle">Opaque to the core; names the data for the driver.</param>
public sealed record SnapshotMetadata(ulong Index, ulong Term, ConfState ConfState, ReadOnlyMemory<byte> Handle);
