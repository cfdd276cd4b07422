using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>Garbage and broken handshakes on the ports of clients, peers and silos: no crash, no memory kept, no access.</summary>
public sealed class HandshakeFuzzTests
{
    private const int Rounds = 3;
    private const int ConnectionsPerPort = 60;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>Growth that says nothing: heaps commit in steps of several MB. A leak of whole connections would exceed it.</summary>
    private const long FlatBytes = 96L * 1024 * 1024;

    [Fact(DisplayName = "broken handshakes on client, peer and silo ports leave the server serving and memory flat")]
    public async Task Broken_handshakes_leave_the_server_serving()
    {
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        var random = new Random(seed);
        var hello = await HelloRecorder.RecordAsync();
        Assert.True(hello.Length > 100);
        using var files = new CertificateFolder();
        var siloPort = FreePort.Take(1)[0];
        await using var server = await StartAsync(files, siloPort);
        var ports = new[] { new Uri(server.ClientUrl).Port, new Uri(server.PeerUrl).Port, siloPort };
        var resident = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(ports.SelectMany(port => Enumerable.Range(0, ConnectionsPerPort).Select(_ => SendAsync(port, Garbage(random, hello)))));
            Assert.False(server.HasExited, $"KREWE_SEED={seed}: the server died:\n{server.LogTail()}");
            var put = await server.Target.Kv.PutAsync(Requests.Put("a", $"{round}"), deadline: CaseRun.Deadline());
            Assert.Equal(round + 2, put.Header.Revision);
            resident.Add(server.ResidentBytes());
        }

        Assert.True(resident[^1] - resident[0] < FlatBytes, $"KREWE_SEED={seed}: resident bytes grew: {string.Join(' ', resident)}");
    }

    [Fact(DisplayName = "the peer port and the silo port say nothing to whoever has no certificate of a peer")]
    public async Task Strangers_hear_nothing()
    {
        using var files = new CertificateFolder();
        var siloPort = FreePort.Take(1)[0];
        await using var server = await StartAsync(files, siloPort);
        var foreign = TestAuthority.Create("foreign").Issue(new CertificateWish());
        var asServer = files.Authority.Issue(new CertificateWish { ExtendedUsages = [CertificateWish.ServerAuth] });
        var elsewhere = files.Authority.Issue(new CertificateWish { DnsNames = [], Addresses = ["10.0.0.1"] });
        foreach (var port in new[] { new Uri(server.PeerUrl).Port, siloPort })
        {
            foreach (var certificate in new[] { null, foreign, asServer, elsewhere })
            {
                Assert.Equal(0, await HearAsync(port, files.Connect(certificate)));
            }
        }

        Assert.NotEqual(0, await HearAsync(new Uri(server.PeerUrl).Port, files.Connect(files.Authority.Issue(new CertificateWish()))));
        Assert.True(await IsGreetedAsync(siloPort, files.Connect(files.Authority.Issue(new CertificateWish()))));
    }

    private static Task<ServerProcess> StartAsync(CertificateFolder files, int siloPort) => ServerProcess.StartAsync(new ServerOptions(
        ServerKind.Krewe,
        Flags: [.. files.ServerFlags, .. files.PeerFlags, $"--silo-port={siloPort}"],
        UnsafeNoFsync: true,
        Tls: new ServerTls(files.Connect(files.Client), PeerUrlIsTls: true)));

    /// <summary>Bytes that come back for an HTTP request on the peer port, or whatever the silo makes of it.</summary>
    private static async Task<int> HearAsync(int port, SslClientAuthenticationOptions options)
    {
        options.TargetHost = "localhost";
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            await stream.WriteAsync("GET /version HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), limit.Token);
            return await stream.ReadAsync(new byte[1], limit.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    /// <summary>A silo says who it is to one that it let in.</summary>
    private static async Task<bool> IsGreetedAsync(int port, SslClientAuthenticationOptions options)
    {
        options.TargetHost = "localhost";
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var stream = new SslStream(client.GetStream());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await stream.AuthenticateAsClientAsync(options, limit.Token);
        return await stream.ReadAsync(new byte[1], limit.Token) == 1;
    }

    private static byte[] Garbage(Random random, byte[] hello)
    {
        var noise = new byte[random.Next(1, 3000)];
        random.NextBytes(noise);
        return random.Next(8) switch
        {
            0 => noise,
            1 => [22, 3, 1, (byte)(noise.Length >> 8), (byte)noise.Length, .. noise],
            2 => [22, 3, 3, 0xff, 0xff, .. noise],
            3 => Flip(random, hello),
            4 => hello[..random.Next(1, hello.Length)],
            5 => [.. hello, .. noise],
            6 => [.. "KRWP"u8, .. noise],
            _ => Encoding.ASCII.GetBytes("GET /members HTTP/1.1\r\nHost: a\r\n\r\n"),
        };
    }

    private static byte[] Flip(Random random, byte[] hello)
    {
        byte[] broken = [.. hello];
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
        }

        return broken;
    }

    private static async Task SendAsync(int port, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(bytes, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
            {
                // An alert is a fine answer, and so is none.
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // So is a reset or silence; what matters is that the server goes on serving others.
        }
    }
}
