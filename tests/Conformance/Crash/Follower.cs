using System.Diagnostics;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Crash;

/// <summary>
/// A watcher that resumes at the revision after the last one it saw, across crashes, and collects the whole history.
/// Every revision must come once, in order and complete.
/// </summary>
internal sealed class Follower(EtcdTarget target) : IAsyncDisposable
{
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly SortedDictionary<long, List<(string Key, string Value)>> _history = [];
    private readonly Lock _lock = new();
    private long _next = 1;
    private Task _loop = Task.CompletedTask;

    public string? Violation { get; private set; }

    /// <summary>Number of times the stream broke and was resumed.</summary>
    public int Resumed { get; private set; }

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Waits until every revision up to <paramref name="revision"/> has arrived.</summary>
    public async Task CatchUpAsync(long revision)
    {
        var clock = Stopwatch.StartNew();
        while (Violation is null && Volatile.Read(ref _next) <= revision)
        {
            Assert.True(clock.Elapsed < CatchUpLimit, $"the follower is at {_next - 1}, not yet at {revision}");
            await Task.Delay(10);
        }
    }

    /// <summary>Every event seen, by revision.</summary>
    public Dictionary<long, List<(string Key, string Value)>> History()
    {
        lock (_lock)
        {
            return new Dictionary<long, List<(string, string)>>(_history);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested && Violation is null)
        {
            try
            {
                await FollowAsync();
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException)
            {
                Resumed++;
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private async Task FollowAsync()
    {
        using var call = target.Watch.Watch(cancellationToken: _stop.Token);
        await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = Requests.WatchKey("crash/", "crash0", Volatile.Read(ref _next)) });
        while (await call.ResponseStream.MoveNext(_stop.Token))
        {
            var response = call.ResponseStream.Current;
            if (response.Canceled)
            {
                Violation = $"the watch was cancelled: {response.CancelReason} {response.CompactRevision}";
                return;
            }

            Take(response);
        }
    }

    private void Take(WatchResponse response)
    {
        lock (_lock)
        {
            foreach (var change in response.Events.GroupBy(e => e.Kv.ModRevision))
            {
                if (change.Key < _next)
                {
                    Violation ??= $"revision {change.Key} came again or late, expected {_next} or later";
                }

                _history[change.Key] = [.. change.Select(e => (e.Kv.Key.ToStringUtf8(), e.Kv.Value.ToStringUtf8()))];
                Volatile.Write(ref _next, change.Key + 1);
            }
        }
    }
}
