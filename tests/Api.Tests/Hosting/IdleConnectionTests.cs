using System.Net.Sockets;

namespace Krewe.Api.Tests.Hosting;

/// <summary>A connection without a request stays open: etcd closes none for being idle, and clients keep them for hours.</summary>
public sealed class IdleConnectionTests
{
    private const int TimeoutMilliseconds = 30_000;
    private const byte SettingsFrame = 4;

    /// <summary>Kestrel looks for connections that have been idle too long once a second of real time, which can't be injected.</summary>
    private static readonly TimeSpan LongerThanTwoHeartbeats = TimeSpan.FromSeconds(2.5);

    [Fact(Timeout = TimeoutMilliseconds)]
    public Task An_http2_connection_without_streams_stays_open() =>
        StaysOpenAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, SettingsFrame, 0, 0, 0, 0, 0], HasSettingsAck);

    [Fact(Timeout = TimeoutMilliseconds)]
    public Task An_http1_connection_stays_open_between_requests() =>
        StaysOpenAsync([.. "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"u8], received => received.Contains((byte)'}'));

    private static bool HasSettingsAck(List<byte> received) =>
        received.ToArray().AsSpan().IndexOf((byte[])[0, 0, 0, SettingsFrame, 1, 0, 0, 0, 0]) >= 0;

    private static async Task StaysOpenAsync(byte[] sent, Func<List<byte>, bool> isAnswered)
    {
        await using var host = await ApiHost.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.ClientEndPoint);
        await socket.SendAsync(sent);
        await ReadUntilAsync(socket, isAnswered);

        var closedOrTold = socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        var first = await Task.WhenAny(closedOrTold, Task.Delay(LongerThanTwoHeartbeats, TestContext.Current.CancellationToken));
        Assert.True(first != closedOrTold, "the server closed the connection, or said that it will");
    }

    private static async Task ReadUntilAsync(Socket socket, Func<List<byte>, bool> isAnswered)
    {
        var received = new List<byte>();
        var buffer = new byte[1024];
        while (received.Count == 0 || !isAnswered(received))
        {
            var count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, count);
            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
