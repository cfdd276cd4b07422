using System.Runtime.CompilerServices;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Concurrency;

/// <summary>Watches of the server itself, on the same hub as those of clients.</summary>
internal sealed class KeyWatcher(IWatchHub hub)
{
    private const long OnlyWatch = 0;

    /// <summary>Waits for the next deletion of a key, counted from <paramref name="revision"/>.</summary>
    public async Task WaitForDeleteAsync(ReadOnlyMemory<byte> key, long revision, CancellationToken cancellationToken)
    {
        await foreach (var _ in WatchAsync(key, default, revision, WatchFilters.NoPut, cancellationToken))
        {
            return;
        }
    }

    /// <summary>
    /// The batches of events of an interval from <paramref name="revision"/> on. Throws <see cref="EtcdException"/> when the history is
    /// compacted or the server stops; never ends by itself.
    /// </summary>
    public async IAsyncEnumerable<WatchBatch> WatchAsync(
        ReadOnlyMemory<byte> key,
        ReadOnlyMemory<byte> rangeEnd,
        long revision,
        WatchFilters filters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = hub.OpenStream();
        stream.Create(new WatchRequest(OnlyWatch, key, rangeEnd, revision, filters, PrevKv: false));
        while (await stream.WaitToReadAsync(cancellationToken))
        {
            while (stream.TryRead(out var batch))
            {
                switch (batch.Kind)
                {
                    case WatchBatchKind.Events:
                        yield return batch;
                        break;
                    case WatchBatchKind.Compacted:
                        throw new EtcdException(EtcdError.Compacted);
                }
            }
        }

        throw new EtcdException(EtcdError.Stopped);
    }
}
