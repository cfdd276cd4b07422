using Krewe.Raft.Core;

namespace Krewe.Simulation.Nodes;

/// <summary>The storage work of one Ready, and the messages that wait for it.</summary>
internal sealed record DiskWrite(
    HardState? HardState, SimSnapshot? Snapshot, Entry[] Entries, ulong Sequence, bool MustSync, Message[] Messages);
