using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Krewe.Grains.Gateway;

/// <summary>A gateway's stream on this member's watch hub. The gateway fetches: it is never sent more than it asked for.</summary>
[Reentrant]
[PreferLocalPlacement]
[Immovable]
[CollectionAgeLimit(Minutes = 2)]
public sealed class WatchRelayGrain(IMemberStatus status, IAuthClient auth, IWatchHub hub) : Grain, IWatchRelayGrain
{
    /// <summary>An answer ends with the batch that reaches this many bytes.</summary>
    public const long MaxAnswerBytes = 4L << 20;

    /// <summary>Most batches in one answer.</summary>
    public const int MaxAnswerBatches = 4096;

    private IWatchStream? _stream;

    public Task<MemberSnapshot> OpenAsync()
    {
        Require();
        _stream ??= hub.OpenStream();
        return Task.FromResult(MemberSnapshot.Of(status, auth.View.Enabled));
    }

    public Task CreateAsync(WatchRequest request)
    {
        var stream = Stream();
        if (!stream.Contains(request.WatchId))
        {
            stream.Create(request);
        }

        return Task.CompletedTask;
    }

    public Task CancelAsync(long watchId)
    {
        Stream().Cancel(watchId);
        return Task.CompletedTask;
    }

    public Task RequestProgressAsync()
    {
        Stream().RequestProgress();
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<WatchBatch>> ReadAsync(TimeSpan wait)
    {
        var stream = Stream();
        using var limit = new CancellationTokenSource(wait);
        try
        {
            if (!await stream.WaitToReadAsync(limit.Token))
            {
                throw new EtcdException(EtcdError.Stopped);
            }
        }
        catch (OperationCanceledException)
        {
            return [];
        }

        Require();
        return Take(stream);
    }

    public async Task CloseAsync()
    {
        await CloseStreamAsync();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CloseStreamAsync().AsTask();

    private static List<WatchBatch> Take(IWatchStream stream)
    {
        var batches = new List<WatchBatch>();
        long bytes = 0;
        while (bytes < MaxAnswerBytes && batches.Count < MaxAnswerBatches && stream.TryRead(out var batch))
        {
            // Serializers know arrays; what the hub hands out may be any list.
            batches.Add(batch with { Events = batch.Events as WatchEvent[] ?? batch.Events.ToArray() });
            bytes += EventSize.Of(batch.Events);
        }

        return batches;
    }

    private async ValueTask CloseStreamAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync();
        }
    }

    /// <summary>A gateway can not say for whom it watches, so it gets nothing while permissions are checked.</summary>
    private void Require()
    {
        if (auth.View.Enabled)
        {
            throw new EtcdException(EtcdError.Unimplemented);
        }
    }

    private IWatchStream Stream()
    {
        if (_stream is { } stream)
        {
            return stream;
        }

        DeactivateOnIdle();
        throw new EtcdException(EtcdError.Stopped);
    }
}
