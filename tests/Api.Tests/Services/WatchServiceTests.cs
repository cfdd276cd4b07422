using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Mvcc;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Watch;
using Microsoft.Extensions.Time.Testing;
using DeleteRangeRequest = Krewe.Api.Protos.Etcd.DeleteRangeRequest;
using KeyValue = Krewe.Grains.Interfaces.Kv.KeyValue;
using WatchRequest = Krewe.Api.Protos.Etcd.WatchRequest;

namespace Krewe.Api.Tests.Services;

public sealed class WatchServiceTests
{
    [Fact]
    public async Task Ids_count_from_zero_and_skip_those_in_use_behaviours_112_113()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);

        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), WatchId = 1 });
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });

        long[] ids = [(await watch.NextAsync()).WatchId, (await watch.NextAsync()).WatchId, (await watch.NextAsync()).WatchId];
        Assert.Equal([1L, 0L, 2L], ids);
    }

    [Fact]
    public async Task A_created_watch_delivers_events_with_their_revision_behaviours_115_129_136()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), RangeEnd = Bytes("b") });
        var created = await watch.NextAsync();

        await host.Client.PutAsync("a1", "v");
        await host.Client.PutAsync("other", "v");
        await host.Client.DeleteRangeAsync(new DeleteRangeRequest { Key = Bytes("a1") });

        Assert.Equal(
            new WatchResponse { Header = Header(host, 1), Created = true },
            created);
        var put = await watch.NextAsync();
        Assert.Equal((2L, Event.Types.EventType.Put, "v"), (put.Header.Revision, put.Events[0].Type, put.Events[0].Kv.Value.ToStringUtf8()));
        Assert.Null(put.Events[0].PrevKv);
        var delete = await watch.NextAsync();
        Assert.Equal(
            new Event { Type = Event.Types.EventType.Delete, Kv = new Protos.Mvcc.KeyValue { Key = Bytes("a1"), ModRevision = 4 } },
            Assert.Single(delete.Events));
    }

    [Fact]
    public async Task Previous_values_go_only_to_watchers_that_want_them_behaviour_131()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), PrevKv = true });
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.SkipAsync(2);

        await host.Client.PutAsync("a", "1");
        await host.Client.PutAsync("a", "2");

        await watch.SkipAsync(2);
        WatchResponse[] second = [await watch.NextAsync(), await watch.NextAsync()];
        Assert.Equal("1", second.Single(r => r.WatchId == 0).Events[0].PrevKv.Value.ToStringUtf8());
        Assert.Null(second.Single(r => r.WatchId == 1).Events[0].PrevKv);
    }

    [Theory]
    [InlineData("dup", "mvcc: duplicate watch ID provided on the WatchStream")]
    [InlineData("negative", "etcdserver: mvcc: required revision has been compacted")]
    [InlineData("empty", "mvcc: watcher range is empty")]
    [InlineData("reversed", "mvcc: watcher range is empty")]
    public async Task Bad_creates_are_answered_and_leave_the_stream_usable_behaviours_114_119_123(string kind, string reason)
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), WatchId = 5 });
        await watch.SkipAsync(1);

        await watch.CreateAsync(kind switch
        {
            "dup" => new WatchCreateRequest { Key = Bytes("a"), WatchId = 5 },
            "negative" => new WatchCreateRequest { Key = Bytes("a"), StartRevision = -1, WatchId = 9 },
            "empty" => new WatchCreateRequest { Key = Bytes("a"), RangeEnd = Bytes("a") },
            _ => new WatchCreateRequest { Key = Bytes("b"), RangeEnd = Bytes("a") },
        });

        Assert.Equal(
            new WatchResponse { Header = Header(host, 1), WatchId = -1, Created = true, Canceled = true, CancelReason = reason },
            await watch.NextAsync());
        await host.Client.PutAsync("a", "1");
        Assert.Equal(5, (await watch.NextAsync()).WatchId);
    }

    [Fact]
    public async Task An_empty_key_with_an_open_end_watches_everything_behaviour_122()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { RangeEnd = Bytes("\0") });
        await watch.SkipAsync(1);

        await host.Client.PutAsync("anything", "1");

        Assert.Single((await watch.NextAsync()).Events);
    }

    [Fact]
    public async Task A_compacted_start_is_created_then_canceled_behaviour_120()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.Revision = 9;
        host.Watches.CompactRevision = 5;
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), StartRevision = 2 });

        Assert.True((await watch.NextAsync()).Created);
        Assert.Equal(new WatchResponse { Header = Header(host, 0), Canceled = true, CompactRevision = 5 }, await watch.NextAsync());
    }

    [Fact]
    public async Task Cancels_are_answered_once_and_unknown_ids_never_behaviours_124_125_126()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.SkipAsync(1);

        await watch.SendAsync(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = 77 } });
        await watch.SendAsync(new WatchRequest());
        await watch.SendAsync(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = 0 } });

        Assert.Equal(new WatchResponse { Header = Header(host, 1), Canceled = true }, await watch.NextAsync());
    }

    [Fact]
    public async Task An_id_can_be_used_anew_after_its_cancel()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), WatchId = 3 });
        await watch.SendAsync(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = 3 } });
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), WatchId = 3, PrevKv = true });
        await watch.SkipAsync(3);

        await host.Client.PutAsync("a", "1");
        await host.Client.PutAsync("a", "2");

        await watch.SkipAsync(1);
        Assert.Equal("1", (await watch.NextAsync()).Events[0].PrevKv.Value.ToStringUtf8());
    }

    [Fact]
    public async Task Filters_reach_the_hub_behaviour_132()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), Filters = { WatchCreateRequest.Types.FilterType.Noput } });
        await watch.SkipAsync(1);

        await host.Client.PutAsync("a", "1");
        await host.Client.DeleteRangeAsync(new DeleteRangeRequest { Key = Bytes("a") });

        Assert.Equal(Event.Types.EventType.Delete, Assert.Single((await watch.NextAsync()).Events).Type);
    }

    [Fact]
    public async Task Progress_requests_are_answered_for_the_stream_behaviour_146()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.Revision = 12;
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.SendAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() });
        await watch.SkipAsync(1);

        Assert.Equal(new WatchResponse { Header = Header(host, 12), WatchId = -1 }, await watch.NextAsync());
    }

    [Fact]
    public async Task Idle_watchers_get_progress_on_the_timer_and_busy_ones_skip_a_tick_behaviour_142()
    {
        var time = new FakeTimeProvider();
        await using var host = await ApiHost.StartAsync(new ApiOptions { WatchProgressNotifyInterval = TimeSpan.FromMinutes(10) }, time);
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), ProgressNotify = true });
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("b"), ProgressNotify = true });
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("c") });
        await watch.SkipAsync(3);

        await host.Client.PutAsync("a", "1");
        await watch.SkipAsync(1);
        time.Advance(TimeSpan.FromMinutes(11));

        // Only the idle one; the busy one follows at the next tick.
        Assert.Equal(new WatchResponse { Header = Header(host, 2), WatchId = 1 }, await watch.NextAsync());
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal([0L, 1L], new[] { (await watch.NextAsync()).WatchId, (await watch.NextAsync()).WatchId }.Order());
    }

    [Fact]
    public async Task A_half_closed_stream_keeps_delivering_behaviour_127()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.Call.RequestStream.CompleteAsync();
        await watch.SkipAsync(1);

        await host.Client.PutAsync("a", "1");

        Assert.Single((await watch.NextAsync()).Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_watchers_that_ask_get_fragments_behaviours_150_151(bool fragment)
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { MaxRequestBytes = 1 << 20 });
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a"), Fragment = fragment });
        await watch.SkipAsync(1);
        var events = Enumerable.Range(0, 8)
            .Select(i => new WatchEvent(false, new KeyValue("a"u8.ToArray(), 2, 2, i + 1, new byte[300_000 + i], 0), null))
            .ToArray();

        host.Watches.Publish(new RevisionEvents(2, events));

        var responses = new List<WatchResponse>();
        do
        {
            responses.Add(await watch.NextAsync());
        }
        while (responses[^1].Fragment);

        Assert.Equal(events.Select(e => e.Kv.Value.Length), responses.SelectMany(r => r.Events).Select(e => e.Kv.Value.Length));
        Assert.Equal(fragment ? 2 : 1, responses.Count);
        Assert.All(responses, r => Assert.True(!fragment || r.CalculateSize() < (1 << 20) + ApiOptions.ReceiveOverheadBytes));
    }

    [Fact]
    public async Task Cancelling_the_call_closes_the_stream_and_counts_as_canceled_behaviour_128()
    {
        await using var host = await ApiHost.StartAsync();
        await using (var watch = new WatchProbe(host))
        {
            await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
            await watch.SkipAsync(1);
            Assert.Equal(1, host.Watches.OpenStreams);
        }

        await Eventually.AreEqualAsync(0, () => Task.FromResult(host.Watches.OpenStreams));
        await Eventually.ContainsAsync(
            "grpc_server_handled_total{grpc_type=\"bidi_stream\",grpc_service=\"etcdserverpb.Watch\",grpc_method=\"Watch\",grpc_code=\"Canceled\"} 1",
            () => host.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task A_stopped_hub_ends_the_stream()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.SkipAsync(1);

        host.Watches.Stop();

        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: server stopped", watch.NextAsync);
    }

    [Fact]
    public async Task Stopping_the_process_ends_the_stream()
    {
        await using var host = await ApiHost.StartAsync();
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.SkipAsync(1);

        var stop = host.StopAsync();

        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: server stopped", watch.NextAsync);
        await stop;
    }

    [Fact]
    public async Task A_stream_that_requires_a_leader_ends_after_three_leaderless_election_timeouts_behaviour_156()
    {
        var time = new FakeTimeProvider();
        await using var host = await ApiHost.StartAsync(time: time);
        await using var plain = new WatchProbe(host);
        await using var watch = new WatchProbe(host, new CallOptions(new Metadata { { "hasleader", "true" } }));
        await watch.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await plain.CreateAsync(new WatchCreateRequest { Key = Bytes("a") });
        await watch.SkipAsync(1);
        await plain.SkipAsync(1);

        host.Status.LeaderId = 0;
        time.Advance(TimeSpan.FromSeconds(2));
        await host.Client.PutAsync("a", "1");
        Assert.Single((await watch.NextAsync()).Events);
        time.Advance(TimeSpan.FromSeconds(1));

        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: no leader", watch.NextAsync);
        Assert.Single((await plain.NextAsync()).Events);
    }

    private static ResponseHeader Header(ApiHost host, long revision) =>
        new() { ClusterId = host.Status.ClusterId, MemberId = host.Status.MemberId, RaftTerm = host.Status.RaftTerm, Revision = revision };

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);
}
