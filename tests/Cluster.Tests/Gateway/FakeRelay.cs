using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Gateway;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>A relay on a hub in this process, without Orleans; it can be cut off, as by the death of its member.</summary>
internal sealed class FakeRelay(IWatchHub hub, FakeAuth auth) : IWatchRelayGrain, IDisposable
{
    /// <summary>Other than the grain it is not woken by refusals.</summary>
    private static readonly TimeSpan AuthWait = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _cut = new();
    private readonly RelayedWatchers _judged = new(auth);
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

    public async Task CreateAsync(WatchRequest request)
    {
        Require();
        var isNew = false;
        lock (Watchers)
        {
            isNew = Watchers.Add(request.WatchId);
        }

        if (isNew && await _judged.TryAddAsync(request))
        {
            _stream!.Create(request);
        }
    }

    public Task CancelAsync(long watchId)
    {
        Require();
        lock (Watchers)
        {
            Watchers.Remove(watchId);
            _judged.Remove(watchId);
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
        limit.CancelAfter(auth.View.Enabled ? AuthWait : wait);
        try
        {
            await _stream!.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Refusals, if there are any.
        }

        Require();
        _judged.Judge(_stream!);
        var batches = new List<WatchBatch>(_judged.TakeRefusals());
        while (_stream!.TryRead(out var batch))
        {
            if (_judged.Admits(batch))
            {
                batches.Add(batch);
            }
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
