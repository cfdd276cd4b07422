using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Failover;

/// <summary>
/// Sends puts at a steady pace through one member, however long earlier ones take, and watches them. A put that was forwarded to the old
/// leader may wait in vain until its deadline: it must not hold back the next one.
/// </summary>
internal sealed class OutageMeter : IDisposable
{
    private const int MaxInFlight = 2000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PutLimit = TimeSpan.FromSeconds(10);
    private static readonly ByteString Key = ByteString.CopyFromUtf8("bench/failover");

    private readonly OutageTimes _times = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _slots = new(MaxInFlight);
    private readonly EtcdClient _putter;
    private readonly EtcdClient _watcher;
    private readonly TaskCompletionSource _watching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="putter">Client of the member that takes the puts.</param>
    /// <param name="watcher">Client of the member that serves the watch.</param>
    public OutageMeter(EtcdClient putter, EtcdClient watcher)
    {
        _putter = putter;
        _watcher = watcher;
    }

    /// <summary>Runs until both puts and events flow again after the fault.</summary>
    /// <param name="inject">Injects the fault; called when puts and events flow.</param>
    public async Task<Outage> MeasureAsync(Action inject, TimeSpan limit)
    {
        var watch = WatchAsync();
        await _watching.Task.WaitAsync(limit);
        var puts = PutAsync();
        await _flowing.Task.WaitAsync(limit);
        _times.FaultStarts(Stopwatch.GetTimestamp());
        inject();
        _times.FaultComplete(Stopwatch.GetTimestamp());
        try
        {
            await _times.Over.WaitAsync(limit);
            return _times.Outage!;
        }
        finally
        {
            await _end.CancelAsync();
            await puts;
            await watch;
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        _slots.Dispose();
    }

    private async Task PutAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        var inFlight = new List<Task>();
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await _slots.WaitAsync(_end.Token);
                inFlight.RemoveAll(put => put.IsCompleted);
                inFlight.Add(PutOnceAsync(Stopwatch.GetTimestamp()));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(inFlight);
        }
    }

    private async Task PutOnceAsync(long sentAt)
    {
        try
        {
            await _putter.PutAsync(Key, ByteString.CopyFromUtf8(sentAt.ToString(CultureInfo.InvariantCulture)), PutLimit);
            _times.Acknowledged(sentAt, Stopwatch.GetTimestamp());
        }
        catch (RpcException)
        {
            // That puts fail for a while is what is measured.
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            using var call = _watcher.Watch(_end.Token);
            await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = new WatchCreateRequest { Key = Key } }, _end.Token);
            while (await call.ResponseStream.MoveNext(_end.Token))
            {
                _watching.TrySetResult();
                foreach (var change in call.ResponseStream.Current.Events)
                {
                    _times.Event(long.Parse(change.Kv.Value.Span, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp());
                    _flowing.TrySetResult();
                }
            }
        }
        catch (Exception error) when (error is RpcException or OperationCanceledException or IOException)
        {
            // At the end of the measurement. If it comes earlier, the events that are waited for never come, and that fails.
        }
    }
}
