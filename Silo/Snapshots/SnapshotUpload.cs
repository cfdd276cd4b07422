using Krewe.Silo.Peers;
using Microsoft.Win32.SafeHandles;

namespace Krewe.Silo.Snapshots;

/// <summary>The sender's side of one transfer: offers the snapshot and gives out the pieces that the receiver asks for.</summary>
internal sealed class SnapshotUpload(
    SnapshotChannel channel, Checkpoint checkpoint, SnapshotLimits limits, RatePacer pacer, TimeProvider time) : IDisposable
{
    private readonly byte[] _chunk = new byte[ChunkPlace.Bytes + limits.ChunkBytes];
    private SafeFileHandle? _open;
    private int _openFile = -1;

    /// <summary>Bytes that were sent.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Runs until the receiver says how it ended.</summary>
    public async Task<SnapshotEnd> RunAsync(SnapshotOffer offer, CancellationToken cancellationToken)
    {
        await channel.WriteAsync(PeerFrameKind.SnapshotOffer, offer.Encode(), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (kind, payload) = await channel.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (kind == PeerFrameKind.SnapshotEnd && payload.Length == 1)
            {
                return (SnapshotEnd)payload.Span[0];
            }

            if (kind != PeerFrameKind.SnapshotWant || !ChunkPlace.TryRead(payload.Span, out var place)
                || !place.IsIn(checkpoint.Manifest, limits.ChunkBytes))
            {
                throw new InvalidDataException("the receiver asks for what is not in the snapshot");
            }

            await SendAsync(place, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _open?.Dispose();

    private async Task SendAsync(ChunkPlace place, CancellationToken cancellationToken)
    {
        var wait = pacer.Take(place.Length);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }

        Read(place);
        await channel.WriteAsync(PeerFrameKind.SnapshotChunk, _chunk.AsSpan(0, ChunkPlace.Bytes + place.Length), cancellationToken).ConfigureAwait(false);
        SentBytes += place.Length;
    }

    private void Read(ChunkPlace place)
    {
        if (_openFile != place.File)
        {
            _open?.Dispose();
            _open = File.OpenHandle(Path.Join(checkpoint.PathOfDirectory, checkpoint.Manifest.Files[place.File].Name));
            _openFile = place.File;
        }

        place.Write(_chunk);
        for (var read = 0; read < place.Length;)
        {
            var more = RandomAccess.Read(_open!, _chunk.AsSpan(ChunkPlace.Bytes + read, place.Length - read), place.Offset + read);
            read += more > 0 ? more : throw new EndOfStreamException("a file of the checkpoint is shorter than it was");
        }
    }
}
