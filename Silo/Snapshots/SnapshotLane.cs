using Krewe.Raft.Core;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Snapshots;

/// <summary>Both directions of the third lane between members.</summary>
internal sealed class SnapshotLane(SnapshotSender sender, SnapshotReceiver receiver) : ISnapshotLane, IAsyncDisposable
{
    public void Send(in Message message) => sender.Send(message);

    public Task ServeAsync(Stream stream, ulong from, CancellationToken stopping) => receiver.ServeAsync(stream, from, stopping);

    /// <summary>After the listener has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await sender.DisposeAsync().ConfigureAwait(false);
        await receiver.DisposeAsync().ConfigureAwait(false);
    }
}
