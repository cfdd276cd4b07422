using System.Diagnostics;
using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Streams;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Measure;

/// <summary>CPU per revision and latency of both ways from apply to the watch hub. Explicit: figures, not assertions.</summary>
public sealed class WatchPathMeasurement(ITestOutputHelper output)
{
    private const int Seconds = 3;

    [Theory(Explicit = true)]
    [InlineData(500)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public async Task Compare(int revisionsPerSecond)
    {
        await MeasureAsync("idle", revisionsPerSecond, log => Task.FromResult<IAsyncDisposable?>(null));
        await MeasureAsync("log", revisionsPerSecond, silo => Task.FromResult<IAsyncDisposable?>(StartFeed(silo)));
        await MeasureAsync("stream", revisionsPerSecond, async silo =>
        {
            await silo.Stream.SubscribeAsync(new Latencies(this), new EventSequenceTokenV2(silo.History.CurrentRevision + 1, 0));
            return null;
        });
    }

    private readonly List<double> _micros = [];
    private readonly long[] _published = new long[200_000];

    private void Arrived(long revision) => _micros.Add(Stopwatch.GetElapsedTime(_published[revision]).TotalMicroseconds);

    private async Task MeasureAsync(string name, int rate, Func<StreamSilo, Task<IAsyncDisposable?>> start)
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(new FakeCluster());
        IAsyncDisposable? feed = await start(silo);
        for (int i = 0; i < 200; i++)
        {
            Publish(silo);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        _micros.Clear();
        long began = Stopwatch.GetTimestamp();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        int total = rate * Seconds;
        await Task.Factory.StartNew(() => Pace(silo, rate, total), TaskCreationOptions.LongRunning);
        double spent = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds;
        double[] sorted = [.. _micros.Order()];
        string latency = sorted.Length == 0 ? "" : $"p50 {sorted[sorted.Length / 2]:F0} us, p99 {sorted[sorted.Length * 99 / 100]:F0} us";
        output.WriteLine($"{name} at {rate}/s: {spent / total:F1} us CPU a revision, {latency}, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s, {sorted.Length} of {total}");
        if (feed is not null)
        {
            await feed.DisposeAsync();
        }
    }

    private void Pace(StreamSilo silo, int rate, int total)
    {
        long began = Stopwatch.GetTimestamp();
        for (int done = 0; done < total;)
        {
            int due = Math.Min(total, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate));
            for (; done < due; done++)
            {
                Publish(silo);
            }

            Thread.Sleep(1);
        }
    }

    private void Publish(StreamSilo silo)
    {
        _published[silo.History.CurrentRevision + 1] = Stopwatch.GetTimestamp();
        silo.Apply(1);
    }

    private Feed StartFeed(StreamSilo silo)
    {
        var hub = new WatchHub(silo.Log, silo.History, new WatchHubOptions(), TimeProvider.System, NullLogger<WatchHub>.Instance);
        return new Feed(this, hub, new RevisionLogFeed(silo.Log, hub));
    }

    private sealed class Feed : IAsyncDisposable
    {
        private readonly WatchHub _hub;
        private readonly RevisionLogFeed _feed;
        private readonly IWatchStream _stream;
        private readonly Task _reader;

        public Feed(WatchPathMeasurement owner, WatchHub hub, RevisionLogFeed feed)
        {
            _hub = hub;
            _feed = feed;
            _stream = hub.OpenStream();
            _stream.Create(WatchRig.Watch(0, "k"));
            _reader = Task.Run(async () =>
            {
                while (await _stream.WaitToReadAsync(CancellationToken.None))
                {
                    while (_stream.TryRead(out WatchBatch batch))
                    {
                        foreach (WatchEvent watchEvent in batch.Events)
                        {
                            owner.Arrived(watchEvent.Kv.ModRevision);
                        }
                    }
                }
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _feed.DisposeAsync();
            await _hub.DisposeAsync();
            await _reader;
        }
    }

    private sealed class Latencies(WatchPathMeasurement owner) : IAsyncBatchObserver<RevisionEvents>
    {
        public Task OnNextAsync(IList<SequentialItem<RevisionEvents>> items)
        {
            foreach (SequentialItem<RevisionEvents> item in items)
            {
                owner.Arrived(item.Item.Revision);
            }

            return Task.CompletedTask;
        }

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}
