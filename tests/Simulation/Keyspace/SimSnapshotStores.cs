using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <summary>The data of a received snapshot, for the product's state machine to install.</summary>
internal sealed class SimSnapshotStores(MemoryKeyspaceStore data, Action<MemoryKeyspaceStore> makeCurrent) : ISnapshotStores
{
    public IKeyspaceStore Open(SnapshotMetadata snapshot) => data.Copy();

    public void MakeCurrent(SnapshotMetadata snapshot, IKeyspaceStore store) => makeCurrent((MemoryKeyspaceStore)store);

    public void CloseReplaced(Task released)
    {
        if (!released.IsCompleted)
        {
            throw new SimulationException("a read holds the state before, although none is under way");
        }
    }
}
