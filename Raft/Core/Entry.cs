namespace Krewe.Raft.Core;

/// <summary>One entry of the replicated log.</summary>
/// <param name="Index">Position in the log; the first entry has index 1.</param>
/// <param name="Term">Term of the leader that appended it.</param>
/// <param name="Kind">What <paramref name="Data"/> is.</param>
/// <param name="Data">The payload; owned by the log and never changed after it was appended.</param>
public readonly record struct Entry(ulong Index, ulong Term, EntryKind Kind, ReadOnlyMemory<byte> Data);
