namespace Krewe.Raft.Core;

/// <summary>A confirmed read barrier: state applied up to <paramref name="Index"/> answers a linearizable read.</summary>
/// <param name="Context">The value given to <see cref="RaftCore.ReadIndex"/>.</param>
/// <param name="Index">Commit index at a moment after the read was asked for.</param>
public readonly record struct ReadState(ulong Context, ulong Index);
