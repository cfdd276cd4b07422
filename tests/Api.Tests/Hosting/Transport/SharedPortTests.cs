using System.Net.Sockets;
using System.Text;
using Krewe.Api.Hosting.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Api.Tests.Hosting.Transport;

public sealed class SharedPortTests
{
    [Fact]
    public async Task Grpc_and_http_share_the_client_port_behaviour_321()
    {
        await using var host = await ApiHost.StartAsync();

        await host.Client.PutAsync("a", "1");

        Assert.Contains("3.7.1", await host.Http.GetStringAsync("/version"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_is_answered_as_bad_http_and_closed()
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = await ConnectAsync(host);

        await socket.SendAsync("\u0016\u0003\u0001\u0002\r\n\r\n"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 400", await ReadToEndAsync(socket), StringComparison.Ordinal);
        await host.Client.PutAsync("a", "1");
    }

    [Fact]
    public async Task Silent_connections_hold_nobody_up_and_are_closed_in_time()
    {
        var time = new FakeTimeProvider();
        await using var host = await ApiHost.StartAsync(time: time);
        using var silent = await ConnectAsync(host);

        await host.Client.PutAsync("a", "1");
        await host.Http.GetStringAsync("/version");
        time.Advance(SharedPort.SniffTimeout);

        Assert.Equal("", await ReadToEndAsync(silent));
    }

    [Fact]
    public async Task A_connection_that_closes_at_once_does_no_harm()
    {
        await using var host = await ApiHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            using var socket = await ConnectAsync(host);
        }

        await host.Client.PutAsync("a", "1");
    }

    [Fact]
    public async Task Random_bytes_do_not_stop_the_port()
    {
        await using var host = await ApiHost.StartAsync();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            using var socket = await ConnectAsync(host);
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            byte[] sent = i % 2 == 0 ? bytes : [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. bytes];
            await socket.SendAsync(sent);
        }

        var put = await host.Client.PutAsync("a", "1");
        Assert.True(put.Header.Revision == 2, $"seed {seed}");
    }

    [Fact]
    public async Task Stopping_ends_open_connections()
    {
        var host = await ApiHost.StartAsync();
        using var socket = await ConnectAsync(host);
        await host.DisposeAsync();

        Assert.Equal("", await ReadToEndAsync(socket));
    }

    [Theory]
    [InlineData("http://localhost:2379", "127.0.0.1:2379")]
    [InlineData("http://0.0.0.0:1", "0.0.0.0:1")]
    [InlineData("http://[::1]:5", "[::1]:5")]
    [InlineData("https://127.0.0.1:2379", "127.0.0.1:2379")]
    public void Listen_urls_are_addresses_behaviour_364(string url, string endPoint) =>
        Assert.Equal(endPoint, ListenUrl.ToEndPoint(new Uri(url)).ToString());

    [Fact]
    public void Host_names_are_refused_behaviour_364() =>
        Assert.Throws<ArgumentException>(() => ListenUrl.ToEndPoint(new Uri("http://example.com:2379")));

    private static async Task<Socket> ConnectAsync(ApiHost host)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.ClientEndPoint);
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset also ends it.
        }

        return text.ToString();
    }
}
