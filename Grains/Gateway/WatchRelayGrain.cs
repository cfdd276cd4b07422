using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Krewe.Grains.Gateway;

/// <summary>
/// A gateway's stream on this member's watch hub. The gateway fetches: it is never sent more than it asked for, and nothing that the owner of a watcher's
/// token may not read.
/// </summary>
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

    private readonly RelayedWatchers _watchers = new(auth);
    private IWatchStream? _stream;
    private CancellationTokenSource? _wait;

    public Task<MemberSnapshot> OpenAsync()
    {
        _stream ??= hub.OpenStream();
        return Task.FromResult(MemberSnapshot.Of(status, auth.View.Enabled));
    }

    public async Task CreateAsync(WatchRequest request)
    {
        var stream = Stream();
        if (stream.Contains(request.WatchId))
        {
            return;
        }

        if (!await _watchers.TryAddAsync(request))
        {
            _wait?.Cancel();
        }
        else if (!stream.Contains(request.WatchId))
        {
            stream.Create(request with { Token = null });
        }
    }

    public Task CancelAsync(long watchId)
    {
        _watchers.Remove(watchId);
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
        _watchers.Judge(stream);
        if (!_watchers.HasRefusals && !await WaitAsync(stream, wait))
        {
            throw new EtcdException(EtcdError.Stopped);
        }

        _watchers.Judge(stream);
        return Take(stream);
    }

    public async Task CloseAsync()
    {
        await CloseStreamAsync();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CloseStreamAsync().AsTask();

    private static async Task EndWithAsync(Task changed, CancellationTokenSource wait)
    {
        await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await wait.CancelAsync();
    }

    /// <summary>Waits for batches, a refusal, a change of permissions, or the end of the time; false when the hub has stopped.</summary>
    private async Task<bool> WaitAsync(IWatchStream stream, TimeSpan time)
    {
        using var wait = new CancellationTokenSource(time);
        _wait = wait;
        var ending = EndWithAsync(auth.WaitForChangeAsync(_watchers.JudgedBy, wait.Token), wait);
        try
        {
            return await stream.WaitToReadAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        finally
        {
            _wait = null;
            await wait.CancelAsync();
            await ending;
        }
    }

    private List<WatchBatch> Take(IWatchStream stream)
    {
        var batches = new List<WatchBatch>(_watchers.TakeRefusals());
        long bytes = 0;
        while (bytes < MaxAnswerBytes && batches.Count < MaxAnswerBatches && stream.TryRead(out var batch))
        {
            if (!_watchers.Admits(batch))
            {
                continue;
            }

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
