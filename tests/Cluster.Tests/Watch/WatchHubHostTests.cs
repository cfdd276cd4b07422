using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Watch;
using Krewe.Silo.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Krewe.Cluster.Tests.Watch;

public sealed class WatchHubHostTests
{
    [Fact]
    public async Task A_host_feeds_the_hub_and_ends_its_streams_when_it_stops()
    {
        var log = new RevisionLog();
        var history = new FakeHistory();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(log).AddSingleton<IRevisionSink>(log).AddSingleton<IRevisionHistory>(history).AddWatchHub();
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await using IWatchStream stream = host.Services.GetRequiredService<IWatchHub>().OpenStream();
        stream.Create(WatchRig.Watch(0, "a"));
        var revision = new RevisionEvents(2, [WatchRig.Put("a", 2)]);
        history.Append(revision);
        log.Publish(revision);
        await stream.NextAsync(WatchBatchKind.Created);
        await stream.NextAsync(WatchBatchKind.Events);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(await stream.WaitToReadAsync(TestContext.Current.CancellationToken));
    }
}
