using Krewe.Silo.Peers;

namespace Krewe.Silo.Snapshots;

/// <summary>The receiver's side of one transfer: asks for the pieces that are missing, a few at a time, and stores them.</summary>
internal sealed class SnapshotDownload(SnapshotChannel channel, StagedSnapshot staged, SnapshotLimits limits)
{
    private readonly byte[] _want = new byte[ChunkPlace.Bytes];

    /// <summary>Bytes that were received now, as against those that were here already.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Returns when the snapshot is whole and durable. Throws <see cref="InvalidDataException"/> if what comes is not what is in the manifest.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (staged.IsComplete)
        {
            return;
        }

        for (var file = 0; file < staged.Manifest.Files.Count; file++)
        {
            await GetFileAsync(file, cancellationToken).ConfigureAwait(false);
        }

        staged.Complete();
    }

    private async Task GetFileAsync(int file, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < limits.MaxFileAttempts; attempt++)
        {
            await FetchAsync(file, staged.OpenFile(file), cancellationToken).ConfigureAwait(false);
            if (staged.TryFinishFile())
            {
                return;
            }
        }

        throw new InvalidDataException($"the checksum of {staged.Manifest.Files[file].Name} does not match");
    }

    private async Task FetchAsync(int file, long received, CancellationToken cancellationToken)
    {
        var length = staged.Manifest.Files[file].Length;
        var asked = received;
        var inflight = 0;
        while (received < length)
        {
            for (; inflight < limits.MaxInflightChunks && asked < length; inflight++)
            {
                var place = new ChunkPlace(file, asked, (int)Math.Min(limits.ChunkBytes, length - asked));
                place.Write(_want);
                await channel.WriteAsync(PeerFrameKind.SnapshotWant, _want, cancellationToken).ConfigureAwait(false);
                asked += place.Length;
            }

            received += await StoreNextAsync(file, received, cancellationToken).ConfigureAwait(false);
            inflight--;
        }
    }

    private async Task<int> StoreNextAsync(int file, long offset, CancellationToken cancellationToken)
    {
        var (kind, payload) = await channel.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (kind != PeerFrameKind.SnapshotChunk || !ChunkPlace.TryRead(payload.Span, out var place)
            || place.File != file || place.Offset != offset || place.Length != payload.Length - ChunkPlace.Bytes
            || !place.IsIn(staged.Manifest, limits.ChunkBytes))
        {
            throw new InvalidDataException("the sender sends another piece than the one that was asked for");
        }

        staged.Write(place.Offset, payload.Span[ChunkPlace.Bytes..]);
        ReceivedBytes += place.Length;
        return place.Length;
    }
}
