using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>Where the data of received snapshots lies. Called by the one that applies, in the order of the methods.</summary>
internal interface ISnapshotStores
{
    /// <summary>Opens the store that the snapshot's data makes; it was received whole before the snapshot's marker went into the log.</summary>
    IKeyspaceStore Open(SnapshotMetadata snapshot);

    /// <summary>Makes it the member's store, durably: from here on a restart opens it.</summary>
    void MakeCurrent(SnapshotMetadata snapshot, IKeyspaceStore store);

    /// <summary>Closes the store before and deletes its files once nobody reads it any more.</summary>
    void CloseReplaced(Task released);
}
