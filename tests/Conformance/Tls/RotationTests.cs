using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>All certificates are replaced, authority included, while clients write and connect again and again.</summary>
public sealed class RotationTests : IDisposable
{
    private const int WritesPerConnection = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(120);
    private static readonly int Clients = PeerPaths.Number("KREWE_ROTATION_CLIENTS", 100);

    private readonly string _folder = Directory.CreateTempSubdirectory("krewe-rotation-").FullName;
    private readonly ConcurrentBag<string> _failures = [];
    private readonly long[] _connections = new long[Clients];
    private readonly TestAuthority _old = TestAuthority.Create("old", KeyKind.Rsa);
    private readonly TestAuthority _new = TestAuthority.Create("new");
    private volatile TestCertificate _clientCertificate;
    private int _version;

    public RotationTests() => _clientCertificate = ClientOf(_old);

    private string BothAuthorities => _old.Pem + "\n" + _new.Pem;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(DisplayName = "B345 all certificates are replaced under load and no request fails that a reconnect does not hide")]
    public async Task All_certificates_are_replaced_under_load()
    {
        await PublishAsync(_old, _old.Pem);
        var old = ClientOf(_old);
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            ServerKind.Krewe,
            Flags:
            [
                $"--cert-file={In("server.crt")}", $"--key-file={In("server.key")}", $"--trusted-ca-file={In("ca.crt")}", "--client-cert-auth",
                $"--peer-cert-file={In("server.crt")}", $"--peer-key-file={In("server.key")}", $"--peer-trusted-ca-file={In("ca.crt")}", "--peer-client-cert-auth",
            ],
            UnsafeNoFsync: true,
            Tls: new ServerTls(CertificateFolder.Connect(BothAuthorities, old), PeerUrlIsTls: true)));
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Clients).Select(number => WriteAsync(server, number, end.Token)).ToArray();
        await EverybodyConnectsAgainAsync();

        // As operators do it: first everybody trusts both authorities, then certificates change, then the old authority goes.
        await PublishAsync(_old, BothAuthorities);
        await EverybodyConnectsAgainAsync();
        await PublishAsync(_new, BothAuthorities);
        _clientCertificate = ClientOf(_new);
        await EverybodyConnectsAgainAsync();
        await PublishAsync(_new, _new.Pem);
        await EverybodyConnectsAgainAsync();
        await end.CancelAsync();
        await Task.WhenAll(writers);

        Assert.Empty(_failures);
        Assert.Equal("CN=new", await IssuerOfAsync(server));
        using var channel = server.Target.NewChannel(CertificateFolder.Connect(BothAuthorities, old));
        await Assert.ThrowsAsync<RpcException>(async () => await new KV.KVClient(channel).RangeAsync(Requests.Range("a"), deadline: CaseRun.Deadline()));
    }

    private static TestCertificate ClientOf(TestAuthority authority) =>
        authority.Issue(new CertificateWish { ExtendedUsages = [CertificateWish.ClientAuth] });

    private string In(string name) => Path.Combine(_folder, name);

    /// <summary>As Kubernetes changes a mounted secret: a new folder, and then one link that is moved over the old one.</summary>
    private async Task PublishAsync(TestAuthority authority, string trusted)
    {
        var version = $"..v{++_version}";
        Directory.CreateDirectory(In(version));
        authority.Issue(new CertificateWish()).Write(In(version), "server");
        await File.WriteAllTextAsync(Path.Combine(In(version), "ca.crt"), trusted);
        File.CreateSymbolicLink(In("..data_tmp"), version);
        using var move = Process.Start("/bin/mv", ["-T", In("..data_tmp"), In("..data")]);
        await move.WaitForExitAsync();
        foreach (var name in new[] { "server.crt", "server.key", "ca.crt" })
        {
            if (!Path.Exists(In(name)))
            {
                File.CreateSymbolicLink(In(name), $"..data/{name}");
            }
        }
    }

    private async Task WriteAsync(ServerProcess server, int number, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var channel = server.Target.NewChannel(CertificateFolder.Connect(BothAuthorities, _clientCertificate));
            for (var i = 0; i < WritesPerConnection && !end.IsCancellationRequested; i++)
            {
                try
                {
                    await PutAsync(channel, number);
                }
                catch (RpcException)
                {
                    await PutAgainAsync(server, number);
                }

                await Task.Delay(Pause, CancellationToken.None);
            }

            Interlocked.Increment(ref _connections[number]);
        }
    }

    private async Task PutAgainAsync(ServerProcess server, int number)
    {
        using var channel = server.Target.NewChannel(CertificateFolder.Connect(BothAuthorities, _clientCertificate));
        try
        {
            await PutAsync(channel, number);
        }
        catch (RpcException e)
        {
            _failures.Add($"client {number}: {e.Status}");
        }
    }

    private static async Task PutAsync(GrpcChannel channel, int number) =>
        await new KV.KVClient(channel).PutAsync(Requests.Put($"client/{number}"), deadline: CaseRun.Deadline());

    /// <summary>Two rounds each: the connection that is open now, and one that certainly began after now.</summary>
    private async Task EverybodyConnectsAgainAsync()
    {
        var wanted = Enumerable.Range(0, Clients).Select(number => Interlocked.Read(ref _connections[number]) + 2).ToArray();
        using var limit = new CancellationTokenSource(StepLimit);
        while (Enumerable.Range(0, Clients).Any(number => Interlocked.Read(ref _connections[number]) < wanted[number]))
        {
            await Task.Delay(Pause, limit.Token);
        }
    }

    private async Task<string> IssuerOfAsync(ServerProcess server)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Target.ClientUrl.Host, server.Target.ClientUrl.Port);
        using var stream = new SslStream(client.GetStream());
        var options = CertificateFolder.Connect(BothAuthorities, _clientCertificate);
        options.TargetHost = "localhost";
        await stream.AuthenticateAsClientAsync(options);
        return ((X509Certificate2)stream.RemoteCertificate!).Issuer;
    }
}
