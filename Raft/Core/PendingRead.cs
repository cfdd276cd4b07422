namespace Krewe.Raft.Core;

/// <summary>A read that waits on the leader.</summary>
/// <param name="Batch">The batch whose confirmation confirms it.</param>
/// <param name="Index">Commit index when it was registered.</param>
/// <param name="Context">The caller's context.</param>
/// <param name="From">The node that asked.</param>
internal readonly record struct PendingRead(ulong Batch, ulong Index, ulong Context, ulong From);
