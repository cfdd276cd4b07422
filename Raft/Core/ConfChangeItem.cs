namespace Krewe.Raft.Core;

/// <summary>A change to one member.</summary>
/// <param name="Kind">What happens to it.</param>
/// <param name="Id">Member ID.</param>
public readonly record struct ConfChangeItem(ConfChangeKind Kind, ulong Id);
