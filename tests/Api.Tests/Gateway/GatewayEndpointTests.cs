using System.Net.WebSockets;
using System.Text;
using Krewe.Api.Hosting;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Gateway;

public sealed class GatewayEndpointTests
{
    [Fact]
    public async Task Range_stream_has_no_path_behaviour_53()
    {
        await using var host = await ApiHost.StartAsync();

        Assert.Equal((404, """{"code":5,"message":"Not Found"}"""), await PostAsync(host, "/v3/kv/rangestream", "{}"));
    }

    [Fact]
    public async Task Paths_are_gone_when_the_gateway_is_off_behaviour_338()
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { EnableGrpcGateway = false });

        Assert.Equal((404, "404 page not found\n"), await PostAsync(host, "/v3/kv/range", "{}"));
    }

    [Theory]
    [InlineData(EtcdError.Timeout, 503, 14)]
    [InlineData(EtcdError.NoSpace, 429, 8)]
    [InlineData(EtcdError.Compacted, 400, 11)]
    public async Task Errors_of_the_rpc_come_with_their_http_status_behaviour_333(EtcdError error, int httpStatus, int code)
    {
        await using var host = await ApiHost.StartAsync();
        host.Keyspace.Failure = error;

        var (status, body) = await PostAsync(host, "/v3/kv/range", """{"key":"Zm9v"}""");

        Assert.Equal(httpStatus, status);
        Assert.StartsWith($$"""{"code":{{code}},"message":"etcdserver: """, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_larger_than_grpc_takes_is_refused_and_the_connection_goes_on_behaviour_337()
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { MaxRequestBytes = 1024 });
        var value = Convert.ToBase64String(new byte[ApiOptions.ReceiveOverheadBytes + 2048]);

        var (status, body) = await PostAsync(host, "/v3/kv/put", $$"""{"key":"Zm9v","value":"{{value}}"}""");

        Assert.Equal(429, status);
        Assert.Contains("received message larger than max", body, StringComparison.Ordinal);
        Assert.Equal(200, (await PostAsync(host, "/v3/kv/range", """{"key":"Zm9v"}""")).Status);
    }

    [Fact]
    public async Task Calls_are_counted_as_grpc_calls_behaviour_337()
    {
        await using var host = await ApiHost.StartAsync();

        await PostAsync(host, "/v3/kv/range", """{"key":"Zm9v"}""");

        Assert.Contains(
            "grpc_server_handled_total{grpc_type=\"unary\",grpc_service=\"etcdserverpb.KV\",grpc_method=\"Range\",grpc_code=\"OK\"} 1\n",
            await host.Http.GetStringAsync("/metrics"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_socket_that_closes_ends_its_watch_behaviour_331()
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(host.ClientUrl, "/v3/watch")) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("""{"create_request":{"key":"Zm9v"}}"""), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

        // An answer that is being sent when the client closes would be cut off, and the connection with it.
        var answer = await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken);
        Assert.Equal((WebSocketMessageType.Text, true), (answer.MessageType, answer.EndOfMessage));
        Assert.Equal(1, host.Watches.OpenStreams);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

        await Eventually.AreEqualAsync(0, () => Task.FromResult(host.Watches.OpenStreams));
    }

    [Theory]
    [InlineData("Bearer", "Bearer", "token")]
    [InlineData(null, "token", "Bearer")]
    [InlineData(null, "chat")]
    [InlineData(null)]
    public async Task A_web_socket_that_brings_its_token_is_accepted_as_a_browser_wants_it_behaviour_336(string? accepted, params string[] asked)
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = new ClientWebSocket();
        Array.ForEach(asked, socket.Options.AddSubProtocol);

        await socket.ConnectAsync(new UriBuilder(new Uri(host.ClientUrl, "/v3/watch")) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);

        Assert.Equal(accepted ?? "", socket.SubProtocol ?? "");
    }

    private static async Task<(int Status, string Body)> PostAsync(ApiHost host, string path, string body)
    {
        using var answer = await host.Http.PostAsync(path, new StringContent(body), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
