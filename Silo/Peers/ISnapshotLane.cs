using Krewe.Raft.Core;

namespace Krewe.Silo.Peers;

/// <summary>Takes snapshots to other members and receives theirs, over connections of their own.</summary>
internal interface ISnapshotLane
{
    /// <summary>Sends the data that the message names, and then the message; must not block.</summary>
    void Send(in Message message);

    /// <summary>Serves an accepted connection of <see cref="PeerLaneKind.Snapshot"/> until it ends.</summary>
    Task ServeAsync(Stream stream, ulong from, CancellationToken stopping);
}
