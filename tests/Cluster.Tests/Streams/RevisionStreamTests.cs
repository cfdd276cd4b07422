using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Modules;
using Krewe.Grains.Watch;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Streams;

public sealed class RevisionStreamTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_subscriber_sees_each_revision_once_and_in_order()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster);
        var subscriber = new RecordingSubscriber();
        await silo.Stream.SubscribeAsync(subscriber, new EventSequenceTokenV2(2, 0));
        silo.Apply(1000);
        await subscriber.UntilAsync(1001);
        silo.Apply(1);
        await subscriber.UntilAsync(1002);
        Assert.Equal(Range(2, 1002), subscriber.Revisions);
        Assert.Empty(subscriber.Errors);
    }

    [Fact]
    public async Task A_late_subscriber_rewinds_exactly_through_memory_and_store()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster, options: new RevisionLogOptions { MaxRevisions = 64 });
        silo.Apply(1000);
        var fromStore = new RecordingSubscriber();
        var fromMemory = new RecordingSubscriber();
        await silo.Stream.SubscribeAsync(fromStore, new EventSequenceTokenV2(2, 0));
        await silo.Stream.SubscribeAsync(fromMemory, new EventSequenceTokenV2(990, 0));
        await fromStore.UntilAsync(1001);
        await fromMemory.UntilAsync(1001);
        silo.Apply(100);
        await fromStore.UntilAsync(1101);
        await fromMemory.UntilAsync(1101);
        Assert.Equal(Range(2, 1101), fromStore.Revisions);
        Assert.Equal(Range(990, 1101), fromMemory.Revisions);
    }

    [Fact]
    public async Task A_subscriber_without_a_token_sees_all_from_where_it_begins()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster);
        silo.Apply(10);
        var subscriber = new RecordingSubscriber();
        await silo.Stream.SubscribeAsync(subscriber);
        await Eventually.TrueAsync(
            () =>
            {
                silo.Apply(1);
                return subscriber.Revisions.Length != 0;
            },
            "the stream is attached");
        await subscriber.UntilAsync(silo.History.CurrentRevision);
        long first = subscriber.Revisions[0];
        Assert.Equal(Range(first, silo.History.CurrentRevision), subscriber.Revisions);
    }

    [Fact]
    public async Task A_token_below_the_compaction_goes_on_above_it_and_the_gap_shows()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster, options: new RevisionLogOptions { MaxRevisions = 16 });
        silo.Apply(100);
        silo.History.Compact(50);
        var subscriber = new RecordingSubscriber();
        await silo.Stream.SubscribeAsync(subscriber, new EventSequenceTokenV2(10, 0));
        await Eventually.TrueAsync(
            () =>
            {
                silo.Apply(1);
                return subscriber.Revisions.Length != 0;
            },
            "the stream goes on");
        Assert.True(subscriber.Revisions[0] >= 50);
    }

    [Fact]
    public async Task Every_silo_has_its_own_stream_that_others_can_subscribe_to()
    {
        await using StreamSilo first = await StreamSilo.StartAsync(_cluster, 1);
        await using StreamSilo second = await StreamSilo.StartAsync(_cluster, 2);
        var local = new RecordingSubscriber();
        var remote = new RecordingSubscriber();
        await first.Stream.SubscribeAsync(local, new EventSequenceTokenV2(2, 0));
        await second.StreamOf(first.Silo.Address).SubscribeAsync(remote, new EventSequenceTokenV2(2, 0));
        first.Apply(300);
        second.Apply(5);
        await local.UntilAsync(301);
        await remote.UntilAsync(301);
        Assert.Equal(Range(2, 301), local.Revisions);
        Assert.Equal(Range(2, 301), remote.Revisions);
    }

    /// <summary>There must be one, whoever asks for it and however young the asking silo is.</summary>
    [Fact]
    public async Task The_rendezvous_of_a_stream_is_in_the_replicated_directory_and_on_the_streams_silo()
    {
        await using StreamSilo first = await StreamSilo.StartAsync(_cluster, 1);
        await first.Stream.SubscribeAsync(new RecordingSubscriber());
        await using StreamSilo second = await StreamSilo.StartAsync(_cluster, 2);
        await second.StreamOf(first.Silo.Address).SubscribeAsync(new RecordingSubscriber());
        var directory = new RecordingListener();
        _cluster.Directory.Subscribe(directory);
        Assert.Single(
            directory.Entries.Values,
            entry => entry.Grain.Type.SequenceEqual("pubsubrendezvous"u8) && entry.Silo == first.Silo.Address.ToParsableString());
        _cluster.Directory.Unsubscribe(directory);
    }

    [Fact]
    public async Task Unsubscribing_ends_the_demand()
    {
        await using StreamSilo silo = await StreamSilo.StartAsync(_cluster);
        var subscriber = new RecordingSubscriber();
        StreamSubscriptionHandle<Krewe.Grains.Interfaces.Watch.RevisionEvents> handle =
            await silo.Stream.SubscribeAsync(subscriber, new EventSequenceTokenV2(2, 0));
        silo.Apply(10);
        await subscriber.UntilAsync(11);
        await handle.UnsubscribeAsync();
        silo.Apply(10);
        var again = new RecordingSubscriber();
        await silo.Stream.SubscribeAsync(again, new EventSequenceTokenV2(12, 0));
        await again.UntilAsync(21);
        Assert.Equal(Range(2, 11), subscriber.Revisions);
        Assert.Equal(Range(12, 21), again.Revisions);
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (long revision = first; revision <= last; revision++)
        {
            yield return revision;
        }
    }
}
