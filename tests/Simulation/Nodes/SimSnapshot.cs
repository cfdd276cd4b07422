using Krewe.Raft.Core;

namespace Krewe.Simulation.Nodes;

/// <summary>A snapshot with its data.</summary>
internal sealed record SimSnapshot(ulong Index, ulong Term, ConfState ConfState, object? Data, int Handle)
{
    public SnapshotMetadata Metadata => new(Index, Term, ConfState, BitConverter.GetBytes(Handle));
}
