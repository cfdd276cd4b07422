using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Krewe.Silo.Streams;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Streams;

/// <summary>A silo with a revision stream over a history in memory.</summary>
internal sealed class StreamSilo : IAsyncDisposable
{
    private StreamSilo(TestSilo silo, RevisionLog log, FakeHistory history)
    {
        Silo = silo;
        Log = log;
        History = history;
    }

    public TestSilo Silo { get; }

    public RevisionLog Log { get; }

    public FakeHistory History { get; }

    public static async Task<StreamSilo> StartAsync(FakeCluster cluster, ulong memberId = 1, RevisionLogOptions? options = null)
    {
        var log = new RevisionLog(options ?? new RevisionLogOptions());
        var history = new FakeHistory();
        TestSilo silo = await TestSilo.StartAsync(cluster, memberId, builder =>
        {
            builder.Services.AddSingleton(log);
            builder.Services.AddSingleton<IRevisionHistory>(history);
            builder.AddRevisionStreams();
        });
        return new StreamSilo(silo, log, history);
    }

    public IAsyncStream<RevisionEvents> StreamOf(SiloAddress silo) =>
        Silo.Services.GetRequiredService<IClusterClient>().GetStreamProvider(RevisionStreams.ProviderName)
            .GetStream<RevisionEvents>(RevisionStreams.ForSilo(silo));

    public IAsyncStream<RevisionEvents> Stream => StreamOf(Silo.Address);

    public void Apply(int revisions)
    {
        for (int i = 0; i < revisions; i++)
        {
            Put("k");
        }
    }

    /// <summary>Applies one revision that puts these keys.</summary>
    public void Put(params string[] keys)
    {
        long revision = History.CurrentRevision + 1;
        var events = new RevisionEvents(revision, [.. keys.Select(key => WatchRig.Put(key, revision))]);
        History.Append(events);
        Log.Publish(events);
    }

    public ValueTask DisposeAsync() => Silo.DisposeAsync();
}
