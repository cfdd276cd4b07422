using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Silo.Streams;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Streams;

/// <summary>Orleans code that is interested in some keys only.</summary>
public sealed class PrefixSubscriptionTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_grain_follows_a_prefix_through_the_ordinary_stream_api()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster);
        silo.Put("p/past");
        silo.Put("q/past");
        IPrefixListenerGrain listener = silo.Silo.Grains.GetGrain<IPrefixListenerGrain>("one");
        await listener.FollowAsync("p/", 2);
        silo.Put("q/1");
        silo.Put("p/1", "q/2");
        silo.Put("q/3");
        silo.Put("p/2");

        await Eventually.TrueAsync(async () => (await listener.SeenAsync()).Length >= 3, "the changes arrive");
        Assert.Equal(["2:p/past", "5:p/1", "7:p/2"], await listener.SeenAsync());
    }

    [Fact]
    public async Task Revisions_without_the_prefix_are_not_delivered_and_the_others_whole()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster);
        var filtered = new RecordingSubscriber();
        var all = new RecordingSubscriber();
        await silo.Stream.SubscribeAsync(new SingleSubscriber(filtered), new EventSequenceTokenV2(2, 0), filterData: "p/");
        await silo.Stream.SubscribeAsync(all, new EventSequenceTokenV2(2, 0));
        for (int i = 0; i < 100; i++)
        {
            silo.Put(i % 10 == 0 ? "p/x" : "q/x");
        }

        silo.Put("p/end");
        await filtered.UntilAsync(102);
        await all.UntilAsync(102);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 2L + (10 * i)).Append(102), filtered.Revisions);
        Assert.Equal(101, all.Revisions.Length);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a", true)]
    [InlineData("b/", true)]
    [InlineData("b/x/", false)]
    [InlineData("c", false)]
    public void The_filter_looks_at_every_key_of_the_revision(string prefix, bool expected)
    {
        var revision = new RevisionEvents(2, [WatchRig.Put("a", 2), WatchRig.Put("b/x", 2)]);
        Assert.Equal(expected, new KeyPrefixFilter().ShouldDeliver(StreamId.Create("n", "k"), revision, prefix));
    }

    [Fact]
    public void A_long_prefix_is_compared_too()
    {
        string prefix = new('p', 1000);
        var revision = new RevisionEvents(2, [WatchRig.Put(prefix + "1", 2)]);
        Assert.True(new KeyPrefixFilter().ShouldDeliver(StreamId.Create("n", "k"), revision, prefix));
        Assert.False(new KeyPrefixFilter().ShouldDeliver(StreamId.Create("n", "k"), revision, prefix + "2"));
    }
}
