using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Observability;
using Krewe.Silo.Peers;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Snapshots;

/// <summary>Receives snapshots, one at a time, and hands each over to the consensus core when all of it is stored.</summary>
/// <param name="stores">Where the data goes.</param>
/// <param name="core">This member's consensus core.</param>
/// <param name="memberId">This member.</param>
/// <param name="limits">Bounds of transfers.</param>
/// <param name="peerLimits">Bounds of frames.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For the operator.</param>
internal sealed partial class SnapshotReceiver(
    MemberStores stores, ISnapshotCore core, ulong memberId, SnapshotLimits limits, PeerLimits peerLimits, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private int _isDisposed;

    public SnapshotMetrics Metrics { get; init; } = new();

    /// <summary>Serves a connection of the snapshot lane until its one transfer ended.</summary>
    public async Task ServeAsync(Stream stream, ulong from, CancellationToken stopping)
    {
        var channel = new SnapshotChannel(stream, peerLimits.MaxFrameBytes, limits.ProgressTimeout, time);
        var offer = await ReadOfferAsync(channel, from, stopping).ConfigureAwait(false);
        var end = SnapshotEnd.Refused;
        if (offer is not null)
        {
            end = await _turn.WaitAsync(0, stopping).ConfigureAwait(false)
                ? await InTurnAsync(channel, offer, stopping).ConfigureAwait(false)
                : SnapshotEnd.Busy;
        }

        await channel.WriteAsync(PeerFrameKind.SnapshotEnd, [(byte)end], stopping).ConfigureAwait(false);
    }

    /// <summary>Waits for the transfer that runs, which the end of its connection ends, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await _turn.WaitAsync().ConfigureAwait(false);
            _turn.Dispose();
        }
    }

    private async Task<SnapshotOffer?> ReadOfferAsync(SnapshotChannel channel, ulong from, CancellationToken stopping)
    {
        while (true)
        {
            var (kind, payload) = await channel.ReadAsync(stopping).ConfigureAwait(false);
            if (kind == PeerFrameKind.SnapshotOffer)
            {
                return SnapshotOffer.TryDecode(payload, out var offer) && offer.Message.From == from && offer.Message.To == memberId ? offer : null;
            }

            if (kind != PeerFrameKind.Urls)
            {
                return null;
            }
        }
    }

    private async Task<SnapshotEnd> InTurnAsync(SnapshotChannel channel, SnapshotOffer offer, CancellationToken stopping)
    {
        try
        {
            return await ReceiveAsync(channel, offer, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException or DiskFullException)
        {
            LogFailed(offer.Message.From, offer.Manifest.Index, e.Message);
            return SnapshotEnd.Failed;
        }
        catch (IOException e)
        {
            // The connection's, or the disk's: an operator has to hear of the latter.
            LogFailed(offer.Message.From, offer.Manifest.Index, e.Message);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SnapshotEnd> ReceiveAsync(SnapshotChannel channel, SnapshotOffer offer, CancellationToken stopping)
    {
        if (stores.IsInstalling)
        {
            return SnapshotEnd.Busy;
        }

        var manifest = offer.Manifest;
        if (core.CommitIndex >= manifest.Index)
        {
            // The core tells the leader how far this member is.
            core.Step(offer.Message);
            return SnapshotEnd.NotNeeded;
        }

        await DownloadAsync(channel, offer, stopping).ConfigureAwait(false);
        if (stores.TryInstall(manifest.Id, () => core.StepSnapshot(offer.Message)))
        {
            return SnapshotEnd.Taken;
        }

        if (core.CommitIndex < manifest.Index)
        {
            // The message is of an earlier term by now: the same snapshot may come with a newer one.
            return SnapshotEnd.Failed;
        }

        stores.Discard(manifest.Id);
        return SnapshotEnd.NotNeeded;
    }

    private async Task DownloadAsync(SnapshotChannel channel, SnapshotOffer offer, CancellationToken stopping)
    {
        var (manifest, from) = (offer.Manifest, offer.Message.From);
        var started = time.GetTimestamp();
        var isStored = false;
        Metrics.ReceiveBegins(from);
        try
        {
            using var staged = stores.Stage(manifest);
            LogReceiving(manifest.Index, from, manifest.TotalBytes, manifest.Files.Count);
            var download = new SnapshotDownload(channel, staged, limits);
            await download.RunAsync(stopping).ConfigureAwait(false);
            LogReceived(manifest.Index, from, download.ReceivedBytes, manifest.TotalBytes, time.GetElapsedTime(started));
            isStored = true;
        }
        finally
        {
            Metrics.ReceiveEnds(from, isStored, time.GetElapsedTime(started));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "receiving the snapshot at index {Index} from {From:x}: {Bytes} bytes in {Files} files")]
    private partial void LogReceiving(ulong index, ulong from, long bytes, int files);

    [LoggerMessage(Level = LogLevel.Information, Message = "received the snapshot at index {Index} from {From:x}: {Received} of {Total} bytes in {Took}")]
    private partial void LogReceived(ulong index, ulong from, long received, long total, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message = "could not receive the snapshot of {From:x} at index {Index}: {Reason}")]
    private partial void LogFailed(ulong from, ulong index, string reason);
}
