using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Tests.Http2;

/// <summary>The generator's connection against a TLS server whose frames the test writes.</summary>
public sealed class TlsConnectionTests : IDisposable
{
    private const int TimeoutMilliseconds = 30_000;
    private const int PrefaceBytes = 24;

    private readonly ServerTls _certificates = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EventLoop _loop = new();
    private readonly RecordingHandler _handler = new();

    public TlsConnectionTests() => _listener.Start();

    public void Dispose()
    {
        _loop.Dispose();
        _listener.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Call_and_answer_pass_through_TLS_with_a_client_certificate()
    {
        await using var server = await ConnectAsync(SslApplicationProtocol.Http2);
        Assert.NotNull(server.RemoteCertificate);
        var connection = _loop.Connections[0];
        await SendAsync(server, FrameType.Settings, FrameFlags.None, 0, []);
        Poll(() => connection.IsReady);
        Assert.StartsWith("Tls13", connection.Security, StringComparison.Ordinal);

        var stream = new Http2Stream(_handler);
        connection.Start(stream, "/service/Method");
        connection.SendMessage(stream, [7, 8, 9], endStream: true);
        connection.Flush();
        Assert.Equal([0, 0, 0, 0, 3, 7, 8, 9], await ReadUntilAsync(server, FrameType.Data));

        await SendAsync(server, FrameType.Headers, FrameFlags.EndHeaders, 1, [0x88]);
        await SendAsync(server, FrameType.Data, FrameFlags.None, 1, [0, 0, 0, 0, 1, 0xab]);
        await SendAsync(server, FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [0, 11, .. "grpc-status"u8, 1, (byte)'0']);
        Poll(() => _handler.Closed.Count > 0);
        Assert.Equal(["AB"], _handler.Messages);
        Assert.True(_handler.Closed[0].IsOk);
    }

    [Fact]
    public async Task More_than_the_sockets_buffers_hold_arrives_in_both_directions()
    {
        // More than the kernel grows two sockets' buffers to (6 MB each by default), while the other side does not read at first; then the other way.
        const int MessageBytes = 16 * 1024 * 1024;
        await using var server = await ConnectAsync(SslApplicationProtocol.Http2);
        var connection = _loop.Connections[0];
        var settings = new byte[Http2Setting.Size];
        Http2Setting.Write(settings, Http2Setting.InitialWindowSize, int.MaxValue);
        await SendAsync(server, FrameType.Settings, FrameFlags.None, 0, settings);
        await SendAsync(server, FrameType.WindowUpdate, FrameFlags.None, 0, [0x7f, 0, 0, 0]);
        Poll(() => connection.IsReady);
        var stream = new Http2Stream(_handler);
        connection.Start(stream, "/service/Method");
        connection.SendMessage(stream, new byte[MessageBytes], endStream: false);
        connection.Flush();
        // It may still have to read that it may send so much.
        Poll(() => connection.HasPendingWrites);
        _loop.FlushAll();

        var reading = Task.Run(
            async () =>
            {
                for (var received = 0; received < MessageBytes;)
                {
                    received += (await ReadUntilAsync(server, FrameType.Data)).Length;
                }
            },
            TestContext.Current.CancellationToken);
        Poll(() => reading.IsCompleted);
        await reading;

        var message = new byte[16 * 1024];
        new byte[] { 0, 0, 0, 0x3f, 0xfb }.CopyTo(message, 0);
        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < 512; i++)
                {
                    await SendAsync(server, FrameType.Data, FrameFlags.None, 1, message);
                }
            },
            TestContext.Current.CancellationToken);
        Poll(() => _handler.Messages.Count == 512);
        await sending;
    }

    [Fact]
    public async Task Server_without_h2_is_an_error()
    {
        await using var server = await ConnectAsync(SslApplicationProtocol.Http11);
        Assert.Throws<Http2Exception>(() => Poll(() => _loop.Connections[0].IsReady));
    }

    [Fact]
    public async Task Certificate_of_another_authority_is_an_error()
    {
        using var others = new ServerTls();
        _loop.Add(Http2Connection.Connect((IPEndPoint)_listener.LocalEndpoint, others.Client));
        await using var server = new SslStream(new NetworkStream(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken), ownsSocket: true));
        var handshake = server.AuthenticateAsServerAsync(Options(SslApplicationProtocol.Http2), TestContext.Current.CancellationToken);
        Assert.Throws<Http2Exception>(() => Poll(() => _loop.Connections[0].IsReady));
        _loop.Connections[0].Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => handshake);
    }

    private static async Task SendAsync(SslStream server, FrameType type, byte flags, int streamId, byte[] payload)
    {
        var buffer = new SendBuffer();
        buffer.AppendFrame(type, flags, streamId, payload);
        await server.WriteAsync(buffer.Pending.ToArray());
    }

    private static async Task<byte[]> ReadUntilAsync(SslStream server, FrameType type)
    {
        while (true)
        {
            var head = new byte[FrameHeader.Size];
            await server.ReadExactlyAsync(head);
            var header = FrameHeader.Read(head);
            var payload = new byte[header.Length];
            await server.ReadExactlyAsync(payload);
            if (header.Type == type)
            {
                return payload;
            }
        }
    }

    private SslServerAuthenticationOptions Options(SslApplicationProtocol protocol) => new()
    {
        ServerCertificate = _certificates.ServerCertificate,
        ClientCertificateRequired = true,
        CertificateChainPolicy = _certificates.Client.CertificateChainPolicy,
        ApplicationProtocols = [protocol],
    };

    private async Task<SslStream> ConnectAsync(SslApplicationProtocol protocol)
    {
        // A client that offers h2 alone would make a server that knows only another protocol end the handshake by itself.
        var client = _certificates.Client;
        if (protocol != SslApplicationProtocol.Http2)
        {
            client.ApplicationProtocols!.Add(protocol);
        }

        _loop.Add(Http2Connection.Connect((IPEndPoint)_listener.LocalEndpoint, client));
        var server = new SslStream(new NetworkStream(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken), ownsSocket: true));
        var handshake = server.AuthenticateAsServerAsync(Options(protocol), TestContext.Current.CancellationToken);
        if (protocol == SslApplicationProtocol.Http2)
        {
            Poll(() => handshake.IsCompleted);
            await handshake;
            var preface = new byte[PrefaceBytes];
            var reading = server.ReadExactlyAsync(preface, TestContext.Current.CancellationToken).AsTask();
            Poll(() => reading.IsCompleted);
            Assert.Equal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), preface);
        }

        return server;
    }

    private void Poll(Func<bool> condition)
    {
        var deadline = Environment.TickCount64 + TimeoutMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline);
            _loop.Poll(1);
        }
    }
}
