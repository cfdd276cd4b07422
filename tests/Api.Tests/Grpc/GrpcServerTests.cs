using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Grpc;

public sealed class GrpcServerTests
{
    [Theory]
    [InlineData("etcdserverpb.KV", "Nope", "unknown method Nope for service etcdserverpb.KV")]
    [InlineData("no.Such", "Range", "unknown service no.Such")]
    public async Task Unknown_paths_say_what_is_unknown_behaviour_346(string service, string method, string text)
    {
        await using var host = await ApiHost.StartAsync();

        await EtcdClient.ExpectAsync(
            StatusCode.Unimplemented, text, () => host.Client.CallAsync<RangeRequest, RangeResponse>(service, method, new()));
    }

    [Fact]
    public async Task Calls_that_require_a_leader_fail_without_one_behaviour_340()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.LeaderId = 0;
        var options = new CallOptions(new Metadata { { "hasleader", "true" } });

        await EtcdClient.ExpectAsync(
            StatusCode.Unavailable, "etcdserver: no leader", () => host.Client.RangeAsync(new() { Key = ByteString.CopyFromUtf8("a") }, options));
        using var watch = host.Client.Watch(options);
        await EtcdClient.ExpectAsync(
            StatusCode.Unavailable, "etcdserver: no leader", () => watch.ResponseStream.MoveNext(CancellationToken.None));
        await host.Client.RangeAsync(new() { Key = ByteString.CopyFromUtf8("a") }, new CallOptions(new Metadata { { "hasleader", "false" } }));
    }

    [Fact]
    public async Task Api_versions_are_counted_behaviour_341()
    {
        await using var host = await ApiHost.StartAsync();

        await host.Client.RangeAsync(
            new() { Key = ByteString.CopyFromUtf8("a") }, new CallOptions(new Metadata { { "client-api-version", "3.6" } }));
        await host.Client.RangeAsync(new() { Key = ByteString.CopyFromUtf8("a") });

        var metrics = await host.Http.GetStringAsync("/metrics");
        Assert.Contains("etcd_server_client_requests_total{type=\"unary\",client_api_version=\"3.6\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("etcd_server_client_requests_total{type=\"unary\",client_api_version=\"unknown\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_version_that_is_not_utf8_is_refused_behaviour_341()
    {
        await using var host = await ApiHost.StartAsync();

        var raw = await RawCall.SendAsync(host, "/etcdserverpb.KV/Range", new RangeRequest().ToByteArray(), ("client-api-version", "3.\u00ff"));

        Assert.Equal((StatusCode.InvalidArgument, "etcdserver: invalid client api version"), raw);
    }

    [Fact]
    public async Task A_deadline_ends_a_waiting_call_with_etcds_text()
    {
        await using var host = await ApiHost.StartAsync();
        host.Keyspace.Hold = new TaskCompletionSource();

        // Raw, because the client library would make up its own text.
        var raw = await RawCall.SendAsync(
            host, "/etcdserverpb.KV/Put", new PutRequest { Key = ByteString.CopyFromUtf8("a") }.ToByteArray(), ("grpc-timeout", "50m"));

        Assert.Equal((StatusCode.DeadlineExceeded, "context deadline exceeded"), raw);
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_its_work_and_is_counted()
    {
        await using var host = await ApiHost.StartAsync();
        host.Keyspace.Hold = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var call = host.Client.PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8("a") }, new CallOptions(cancellationToken: cancel.Token));
        await Eventually.AreEqualAsync(true, () => Task.FromResult(host.Keyspace.Last is not null));

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await EtcdClient.StatusOf(() => call)).StatusCode);
        await Eventually.ContainsAsync(
            "grpc_service=\"etcdserverpb.KV\",grpc_method=\"Put\",grpc_code=\"Canceled\"} 1", () => host.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Compressed_requests_are_refused_by_name_behaviour_347()
    {
        await using var host = await ApiHost.StartAsync();

        var raw = await RawCall.SendFrameAsync(host, "/etcdserverpb.KV/Range", [1, 0, 0, 0, 1, 0], ("grpc-encoding", "gzip"));

        Assert.Equal((StatusCode.Unimplemented, "grpc: Decompressor is not installed for grpc-encoding \"gzip\""), raw);
    }

    [Fact]
    public async Task Broken_messages_are_internal_errors()
    {
        await using var host = await ApiHost.StartAsync();

        var hot = await RawCall.SendAsync(host, "/etcdserverpb.KV/Range", [0x0A, 50, 1]);
        var generated = await RawCall.SendAsync(host, "/etcdserverpb.KV/Compact", [0x0A, 50, 1]);
        var truncated = await RawCall.SendFrameAsync(host, "/etcdserverpb.KV/Range", [0, 0, 0, 0, 9, 1]);
        var none = await RawCall.SendFrameAsync(host, "/etcdserverpb.KV/Range", []);

        Assert.Equal(StatusCode.Internal, hot.Code);
        Assert.StartsWith("grpc: error unmarshalling request: ", hot.Text, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Internal, generated.Code);
        Assert.Equal((StatusCode.Internal, "unexpected EOF"), truncated);
        Assert.Equal(StatusCode.Internal, none.Code);
    }

    [Fact]
    public async Task Broken_watch_requests_end_the_stream_with_an_error()
    {
        await using var host = await ApiHost.StartAsync();

        var raw = await RawCall.SendAsync(host, "/etcdserverpb.Watch/Watch", [0x0A, 50, 1]);

        Assert.Equal(StatusCode.Internal, raw.Code);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("somewhere.else:1234")]
    [InlineData("#initially=[127.0.0.1:2379]")]
    [InlineData("etcd_0,etcd_1")]
    [InlineData("etcd_0:2379")]
    [InlineData("[::1]:2379")]
    [InlineData("[::1")]
    [InlineData("a:b:c")]
    [InlineData("/tmp/etcd.sock")]
    [InlineData("a b%")]
    public async Task Any_authority_is_accepted_behaviour_348(string authority)
    {
        await using var host = await ApiHost.StartAsync();
        var put = new PutRequest { Key = ByteString.CopyFromUtf8("a") }.ToByteArray();

        Assert.True(await RawHttp2.IsAnsweredAsync(host, "/etcdserverpb.KV/Put", authority, put));
    }

    [Fact]
    public async Task Other_content_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/etcdserverpb.KV/Range")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };

        using var response = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Slow_unary_calls_are_logged_past_the_warning_duration()
    {
        var log = new RecordingLoggerProvider();
        await using var host = await ApiHost.StartAsync(
            new ApiOptions { WarningUnaryRequestDuration = TimeSpan.FromMilliseconds(1) }, log: log);
        host.Keyspace.Hold = new TaskCompletionSource();

        await RawCall.SendAsync(
            host, "/etcdserverpb.KV/Put", new PutRequest { Key = ByteString.CopyFromUtf8("a") }.ToByteArray(), ("grpc-timeout", "30m"));

        await Eventually.ContainsAsync("request took too long: /etcdserverpb.KV/Put", () => Task.FromResult(log.Text));
    }

    [Fact]
    public async Task Ten_thousand_open_streams_are_fine_and_leave_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        var calls = Enumerable.Range(0, 10_000).Select(_ => host.Client.Watch()).ToList();
        await Task.WhenAll(calls.Select(c => c.RequestStream.WriteAsync(new WatchRequest { CreateRequest = new() { Key = ByteString.CopyFromUtf8("k") } })));
        Assert.All(await Task.WhenAll(calls.Select(c => c.ResponseStream.MoveNext(CancellationToken.None))), Assert.True);

        Assert.Equal(10_000, host.Watches.OpenStreams);
        calls.ForEach(c => c.Dispose());

        await Eventually.AreEqualAsync(0, () => Task.FromResult(host.Watches.OpenStreams));
    }
}
