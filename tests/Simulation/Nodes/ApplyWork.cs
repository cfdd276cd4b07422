using Krewe.Raft.Core;

namespace Krewe.Simulation.Nodes;

/// <summary>Committed entries to apply, or a snapshot to restore.</summary>
internal sealed record ApplyWork(Entry[] Entries, SimSnapshot? Snapshot);
