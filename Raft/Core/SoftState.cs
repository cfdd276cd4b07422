namespace Krewe.Raft.Core;

/// <summary>Volatile state that is of use to the driver and need not be stored.</summary>
/// <param name="LeaderId">The leader of the current term as far as known; 0 for none.</param>
/// <param name="Role">This node's role.</param>
public readonly record struct SoftState(ulong LeaderId, RaftRole Role);
