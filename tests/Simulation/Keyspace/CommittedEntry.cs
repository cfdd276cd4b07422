using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Simulation.Keyspace;

/// <summary>An entry as it was applied.</summary>
internal readonly record struct CommittedEntry(ulong Index, ulong Term, EntryKind Kind, bool IsEmpty, EntryStatus Status)
{
    /// <summary>Whether it is the first one of a leader.</summary>
    public bool BeginsTerm => Kind == EntryKind.Normal && IsEmpty;
}
