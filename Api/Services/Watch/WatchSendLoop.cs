using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Watch;

/// <summary>Writes what the hub has for a stream's watchers, flushing once for all that is there.</summary>
internal sealed class WatchSendLoop(IWatchStream stream, WatcherTable watchers, HeaderSource headers, WatchWriter writer, WatchPermissions permissions)
{
    /// <summary>Runs until the hub stops or the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await stream.WaitToReadAsync(cancellationToken))
        {
            await writer.EnterAsync(cancellationToken);
            try
            {
                while (stream.TryRead(out var batch))
                {
                    await SendAsync(batch);
                }

                await writer.FlushAsync();
            }
            finally
            {
                writer.Exit();
            }
        }
    }

    private ValueTask SendAsync(in WatchBatch batch)
    {
        switch (batch.Kind)
        {
            case WatchBatchKind.Created:
                watchers.Activate(batch.WatchId);
                return writer.WriteAsync(Response(batch) with { Created = true });
            case WatchBatchKind.Events:
                return SendEventsAsync(batch);
            case WatchBatchKind.Compacted:
                watchers.Remove(batch.WatchId);
                return writer.WriteAsync(new WatchResponseValue
                {
                    // No revision here (behaviour 120).
                    Header = headers.WithoutRevision(),
                    WatchId = batch.WatchId,
                    Canceled = true,
                    CompactRevision = batch.CompactRevision,
                });
            case WatchBatchKind.Canceled:
                var reason = ReasonOf(batch);
                watchers.Remove(batch.WatchId);
                return writer.WriteAsync(Response(batch) with { Canceled = true, CancelReason = reason });
            case WatchBatchKind.Progress:
                return writer.WriteAsync(Response(batch));
            default:
                throw new InvalidOperationException($"unknown batch kind {batch.Kind}");
        }
    }

    private string? ReasonOf(in WatchBatch batch)
    {
        var rights = watchers.Find(batch.WatchId)?.Rights;
        return batch.Error == EtcdError.None || rights is null ? rights?.DenyReason : permissions.Refused(batch.Error, rights);
    }

    private ValueTask SendEventsAsync(in WatchBatch batch)
    {
        var state = watchers.Find(batch.WatchId);
        if (state is null || batch.Events.Count == 0 || !permissions.Allows(batch.WatchId, state.Rights))
        {
            return default;
        }

        state.IsIdle = false;
        return writer.WriteEventsAsync(Response(batch), batch.Events, state);
    }

    private WatchResponseValue Response(in WatchBatch batch) => new() { Header = headers.At(batch.Revision), WatchId = batch.WatchId };
}
