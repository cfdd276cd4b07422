using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.BadInput;

/// <summary>Very many open streams, half-closed and abandoned ones: all are served, and all are gone afterwards.</summary>
public sealed class OpenStreamTests
{
    private const int Streams = 10_000;
    private const int StreamsPerConnection = 500;
    private const int HalfClosed = 400;

    /// <summary>
    /// Allowed growth between the second and the third wave of streams. The first waves warm pools and heaps, which keep
    /// what they have; a leak of even 10 KB a stream would be 100 MB more in the next wave.
    /// </summary>
    private const long FlatBytes = 80L * 1024 * 1024;

    [Fact(DisplayName = "B344 10,000 open watch streams all get an event and leave nothing behind")]
    public async Task Ten_thousand_open_watch_streams_leave_nothing_behind()
    {
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe, UnsafeNoFsync: true));
        var resident = new List<long>();
        for (var wave = 0; wave < 3; wave++)
        {
            await OpenWaveAsync(server, $"{wave}");
            await CaseRun.Until("all watchers are gone", async () => await WatchersAsync(server) == 0);
            resident.Add(server.ResidentBytes());
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"resident MB after each wave: {string.Join(' ', resident.Select(r => r >> 20))}");
        Assert.True(resident[2] - resident[1] < FlatBytes, $"resident bytes grew: {string.Join(' ', resident)}");
    }

    [Fact(DisplayName = "B127 B174 half-closed and abandoned streams leave no watcher behind")]
    public async Task Half_closed_and_abandoned_streams_leave_no_watcher_behind()
    {
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe, UnsafeNoFsync: true));
        using (var channel = server.Target.NewChannel())
        {
            var watches = new Krewe.Api.Protos.Etcd.Watch.WatchClient(channel);
            var leases = new Krewe.Api.Protos.Etcd.Lease.LeaseClient(channel);
            for (var i = 0; i < HalfClosed; i++)
            {
                var watch = watches.Watch();
                await watch.RequestStream.WriteAsync(new WatchRequest { CreateRequest = Requests.WatchKey("a") });
                await watch.RequestStream.CompleteAsync();
                Assert.True(await watch.ResponseStream.MoveNext(default));
                var alive = leases.LeaseKeepAlive();
                await alive.RequestStream.CompleteAsync();
                Assert.False(await alive.ResponseStream.MoveNext(default));
            }

            Assert.Equal(HalfClosed, await WatchersAsync(server));
            await server.Target.Kv.PutAsync(Requests.Put("a"), deadline: CaseRun.Deadline());
        }

        // The connection is cut without cancelling any stream.
        await CaseRun.Until("all watchers are gone", async () => await WatchersAsync(server) == 0);
    }

    private static async Task OpenWaveAsync(ServerProcess server, string value)
    {
        var channels = new List<GrpcChannel>();
        var calls = new List<AsyncDuplexStreamingCall<WatchRequest, WatchResponse>>();
        try
        {
            for (var c = 0; c < Streams / StreamsPerConnection; c++)
            {
                channels.Add(server.Target.NewChannel());
                var client = new Krewe.Api.Protos.Etcd.Watch.WatchClient(channels[^1]);
                var opened = Enumerable.Range(0, StreamsPerConnection).Select(_ => client.Watch()).ToList();
                calls.AddRange(opened);
                await Task.WhenAll(opened.Select(CreateAsync));
            }

            await server.Target.Kv.PutAsync(Requests.Put("a", value), deadline: CaseRun.Deadline());
            await Task.WhenAll(calls.Select(async call =>
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                Assert.True(await call.ResponseStream.MoveNext(limit.Token));
                Assert.Equal(value, call.ResponseStream.Current.Events.Single().Kv.Value.ToStringUtf8());
            }));
        }
        finally
        {
            calls.ForEach(c => c.Dispose());
            channels.ForEach(c => c.Dispose());
        }
    }

    private static async Task CreateAsync(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = Requests.WatchKey("a") }, limit.Token);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        Assert.True(call.ResponseStream.Current.Created);
    }

    private static async Task<int> WatchersAsync(ServerProcess server)
    {
        const string Metric = "etcd_debugging_mvcc_watcher_total ";
        var text = await server.Target.Http.GetStringAsync("/metrics");
        var line = text.Split('\n').Single(l => l.StartsWith(Metric, StringComparison.Ordinal));
        return (int)double.Parse(line.AsSpan(Metric.Length), CultureInfo.InvariantCulture);
    }
}
