namespace Krewe.Raft.Core;

/// <summary>What a node must have on stable storage before it answers (Raft paper, figure 2).</summary>
/// <param name="Term">The latest term the node has seen.</param>
/// <param name="Vote">The candidate it voted for in <paramref name="Term"/>; 0 for none.</param>
/// <param name="Commit">The highest index it knows to be committed. Advisory: may lag.</param>
public readonly record struct HardState(ulong Term, ulong Vote, ulong Commit);
