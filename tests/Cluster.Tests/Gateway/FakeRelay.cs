using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>A relay on a hub in this process, without Orleans; it can be cut off, as by the death of its member.</summary>
internal sealed class FakeRelay(IWatchHub hub) : IWatchRelayGrain, IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private IWatchStream? _stream;

    /// <summary>Watchers that were created on it and not cancelled.</summary>
    public HashSet<long> Watchers { get; } = [];

    /// <summary>From now on every call fails, also those that are waiting.</summary>
    public void Cut() => _cut.Cancel();

    public Task<MemberSnapshot> OpenAsync()
    {
        Require();
        _stream = hub.OpenStream();
        return Task.FromResult(new MemberSnapshot(1, 2, 2, 3, 4, 4, 1, false));
    }

    public Task CreateAsync(WatchRequest request)
    {
        Require();
        lock (Watchers)
        {
            if (Watchers.Add(request.WatchId))
            {
                _stream!.Create(request);
            }
        }

        return Task.CompletedTask;
    }

    public Task CancelAsync(long watchId)
    {
        Require();
        lock (Watchers)
        {
            Watchers.Remove(watchId);
            _stream!.Cancel(watchId);
        }

        return Task.CompletedTask;
    }

    public Task RequestProgressAsync()
    {
        Require();
        _stream!.RequestProgress();
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<WatchBatch>> ReadAsync(TimeSpan wait)
    {
        Require();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token);
        limit.CancelAfter(wait);
        try
        {
            await _stream!.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Require();
            return [];
        }

        Require();
        var batches = new List<WatchBatch>();
        while (_stream.TryRead(out var batch))
        {
            batches.Add(batch);
        }

        return batches;
    }

    public async Task CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
    }

    public void Dispose() => _cut.Dispose();

    private void Require()
    {
        if (_cut.IsCancellationRequested)
        {
            throw new EtcdException(EtcdError.Stopped);
        }
    }
}
