using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;
using AuthClient = Krewe.Api.Protos.Etcd.Auth.AuthClient;

namespace Krewe.Conformance.Tls;

/// <summary>
/// Broken and hostile frames inside TLS, with a good certificate and without one, on the ports of clients, peers and silos of a member with auth:
/// it lives, keeps no memory, serves the others, and nothing is written.
/// </summary>
public sealed class FrameFuzzTests
{
    private const int Rounds = 3;
    private const int ConnectionsPerKind = 2;
    private const int Tokens = 150;
    private const int AtOneTime = 24;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>Growth that says nothing: heaps commit in steps of several MB. The floods of one round are some 60 MB, so keeping them, with what they open, would exceed it.</summary>
    private const long FlatBytes = 128L * 1024 * 1024;

    [Fact(DisplayName = "broken frames and floods inside TLS leave the server serving, memory flat and nothing written")]
    public async Task Broken_frames_leave_the_server_serving()
    {
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        using var files = new CertificateFolder();
        var siloPort = FreePort.Take(1)[0];
        await using var server = await StartAsync(files, siloPort);
        var root = await EnableAuthAsync(server.Target);
        var resident = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await Parallel.ForEachAsync(
                Attacks(server, siloPort).SelectMany(_ => Enumerable.Range(0, ConnectionsPerKind), (attack, i) => (attack.Port, attack.Kind, attack.WithCertificate, i)),
                new ParallelOptions { MaxDegreeOfParallelism = AtOneTime },
                async (attack, _) =>
                {
                    var own = new Random(HashCode(seed, round, attack.Port == siloPort ? 2 : attack.WithCertificate ? 1 : 0, attack.Kind, attack.i));
                    await SendAsync(attack.Port, files.Connect(attack.WithCertificate ? files.Client : null), FrameGarbage.Of(attack.Kind, own));
                });
            Assert.False(server.HasExited, $"KREWE_SEED={seed}: the server died:\n{server.LogTail()}");
            await AssertServesAsync(server, root, round, $"KREWE_SEED={seed}, round {round}");
            resident.Add(server.ResidentBytes());
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"KREWE_SEED={seed}, resident MB: {string.Join(' ', resident.Select(r => r >> 20))}");
        Assert.True(resident[^1] - resident[0] < FlatBytes, $"KREWE_SEED={seed}: resident bytes grew: {string.Join(' ', resident)}");
    }

    [Fact(DisplayName = "B200 strings that are no tokens are refused and write nothing")]
    public async Task Strings_that_are_no_tokens_are_refused()
    {
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        var random = new Random(seed);
        using var files = new CertificateFolder();
        await using var server = await StartAsync(files, FreePort.Take(1)[0]);
        var root = await EnableAuthAsync(server.Target);
        var prefix = root[0].Value[..(root[0].Value.IndexOf('.', StringComparison.Ordinal) + 1)];
        for (var i = 0; i < Tokens; i++)
        {
            var token = NoToken(random, root[0].Value);
            var metadata = new Metadata { { random.Next(2) == 0 ? "token" : "authorization", token } };

            // A simple token that names an index to come is waited for, as in etcd.
            var waits = token.StartsWith(prefix, StringComparison.Ordinal);
            var deadline = waits ? DateTime.UtcNow + WaitLimit : CaseRun.Deadline();
            var error = await Assert.ThrowsAsync<RpcException>(
                async () => await server.Target.Kv.PutAsync(Requests.Put("a"), metadata, deadline));
            Assert.True(
                error.StatusCode == StatusCode.Unauthenticated || (waits && error.StatusCode == StatusCode.DeadlineExceeded),
                $"KREWE_SEED={seed}, token {i} \"{token}\": {error.Status}");
        }

        await AssertServesAsync(server, root, 0, $"KREWE_SEED={seed}");
    }

    private static IEnumerable<(int Port, int Kind, bool WithCertificate)> Attacks(ServerProcess server, int siloPort) =>
        from port in new[] { new Uri(server.ClientUrl).Port, new Uri(server.PeerUrl).Port, siloPort }
        from kind in Enumerable.Range(0, FrameGarbage.Kinds.Count)
        from withCertificate in new[] { true, false }
        select (port, kind, withCertificate);

    private static Task<ServerProcess> StartAsync(CertificateFolder files, int siloPort) => ServerProcess.StartAsync(new ServerOptions(
        ServerKind.Krewe,
        Flags: [.. files.ServerFlags, .. files.PeerFlags, $"--silo-port={siloPort}", "--bcrypt-cost=4"],
        UnsafeNoFsync: true,
        Tls: new ServerTls(files.Connect(files.Client), PeerUrlIsTls: true)));

    private static async Task<Metadata> EnableAuthAsync(IEtcdTarget target)
    {
        var auth = new AuthClient(target.Channel);
        await auth.UserAddAsync(new() { Name = "root", Password = "root" });
        await auth.UserGrantRoleAsync(new() { User = "root", Role = "root" });
        await auth.AuthEnableAsync(new());
        return new Metadata { { "token", (await auth.AuthenticateAsync(new() { Name = "root", Password = "root" })).Token } };
    }

    /// <summary>Puts one key a round; there is no other, and no other revision.</summary>
    private static async Task AssertServesAsync(ServerProcess server, Metadata root, int round, string context)
    {
        var put = await server.Target.Kv.PutAsync(Requests.Put("own", $"{round}"), root, CaseRun.Deadline());
        Assert.True(round + 2 == put.Header.Revision, $"{context}: revision {put.Header.Revision}");
        var all = await server.Target.Kv.RangeAsync(Requests.All(), root, CaseRun.Deadline());
        Assert.True(all.Kvs is [{ } only] && only.Key.ToStringUtf8() == "own", $"{context}: {all.Count} keys");
        var users = await new AuthClient(server.Target.Channel).UserListAsync(new(), root);
        Assert.Equal(["root"], users.Users);
        using var channel = server.Target.NewChannel();
        await new KV.KVClient(channel).RangeAsync(Requests.Range("own"), root, CaseRun.Deadline());
    }

    private static int HashCode(params ReadOnlySpan<int> parts)
    {
        var hash = 17;
        foreach (var part in parts)
        {
            hash = unchecked((hash * 31) + part);
        }

        return hash;
    }

    /// <summary>Random, long, like a JSON web token, or nearly the real one.</summary>
    private static string NoToken(Random random, string real)
    {
        var length = random.Next(6) == 0 ? random.Next(1000, 7000) : random.Next(1, 60);
        var text = new string([.. Enumerable.Range(0, length).Select(_ => (char)random.Next(0x21, 0x7f))]);
        return random.Next(6) switch
        {
            0 => real + (char)random.Next('0', '9' + 1),
            1 => real[..random.Next(1, real.Length - 1)],
            2 => $"{real[..real.IndexOf('.', StringComparison.Ordinal)]}.{random.NextInt64() + 1_000_000}",
            3 => $"eyJhbGciOiJub25lIn0.{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("{\"username\":\"root\",\"revision\":1}"))}.",
            4 => "Bearer " + text,
            _ => text,
        };
    }

    private static async Task SendAsync(int port, SslClientAuthenticationOptions options, byte[] bytes)
    {
        options.TargetHost = "localhost";
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var limit = new CancellationTokenSource(AnswerLimit);

        // Nothing else ends a shutdown that the server does not read.
        await using var end = limit.Token.Register(client.Dispose);
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            var reading = DiscardAsync(stream, limit.Token);
            await stream.WriteAsync(bytes, limit.Token);
            await stream.ShutdownAsync();
            await reading;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // Whatever comes is a fine answer, and so is silence; what matters is that the server goes on serving others.
        }
    }

    private static async Task DiscardAsync(SslStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
                // GOAWAY, resets, or an HTTP/1 answer.
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A reset ends it as well.
        }
    }
}
