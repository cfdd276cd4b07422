using Krewe.Conformance.Clients;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>The command line of the static pod that kubeadm writes, with certificates like its own.</summary>
public sealed class KubeadmTests
{
    [Theory(DisplayName = "kubeadm's command line starts a member, its probe passes, and only its clients come in")]
    [InlineData(ServerKind.Etcd)]
    [InlineData(ServerKind.Krewe)]
    public async Task The_manifest_of_kubeadm_starts_a_member(ServerKind kind)
    {
        var authority = TestAuthority.Create("etcd-ca", KeyKind.Rsa);
        using var files = new CertificateFolder(authority);
        string[] both = [CertificateWish.ServerAuth, CertificateWish.ClientAuth];
        var node = new CertificateWish { CommonName = "node-1", DnsNames = ["localhost", "node-1"], Addresses = ["127.0.0.1", "127.0.0.2", "::1"], Key = KeyKind.Rsa, ExtendedUsages = both };
        files.Issue("server", node);
        files.Issue("peer", node);
        var apiserver = files.Issue("client", new CertificateWish { CommonName = "kube-apiserver-etcd-client", DnsNames = [], Addresses = [], Key = KeyKind.Rsa, ExtendedUsages = [CertificateWish.ClientAuth] });
        var second = FreePort.Take(1)[0];
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind,
            Tls: new ServerTls(files.Connect(apiserver), PeerUrlIsTls: true),
            Manifest:
            [
                "--advertise-client-urls={client}",
                $"--cert-file={files.In("server.crt")}",
                "--client-cert-auth=true",
                "--data-dir={data}",
                .. NewerFlags(kind),
                "--initial-advertise-peer-urls={peer}",
                "--initial-cluster=node-1={peer}",
                $"--key-file={files.In("server.key")}",
                $"--listen-client-urls={{client}},https://127.0.0.2:{second}",
                "--listen-metrics-urls={metrics}",
                "--listen-peer-urls={peer}",
                "--name=node-1",
                $"--peer-cert-file={files.In("peer.crt")}",
                "--peer-client-cert-auth=true",
                $"--peer-key-file={files.In("peer.key")}",
                $"--peer-trusted-ca-file={files.CaFile}",
                "--snapshot-count=10000",
                $"--trusted-ca-file={files.CaFile}",
            ]));

        using var probe = new HttpClient();
        foreach (var path in new[] { "/health", "/health?serializable=true", "/livez", "/readyz", "/metrics" })
        {
            Assert.True((await probe.GetAsync(new Uri(server.MetricsUrl + path))).IsSuccessStatusCode, path);
        }

        foreach (var endpoint in new[] { server.ClientUrl, $"https://127.0.0.2:{second}" })
        {
            Assert.Equal(0, await EtcdctlAsync(endpoint, [.. files.EtcdctlFlags, "put", "a", "1"]));
            Assert.Equal(1, await EtcdctlAsync(endpoint, [$"--cacert={files.CaFile}", "--command-timeout=2s", "get", "a"]));
        }

        // Peers show certificates too.
        using var peer = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(files.Authority.Issue(node)) });
        Assert.Contains("node-1", await peer.GetStringAsync($"{server.PeerUrl}/members"), StringComparison.Ordinal);
        using var stranger = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(null) });
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync($"{server.PeerUrl}/members"));
    }

    /// <summary>kubeadm names these by the release of etcd; the oldest spelling is gone in etcd 3.7, and so in Krewe.</summary>
    private static string[] NewerFlags(ServerKind kind) => kind == ServerKind.Etcd
        ? ["--experimental-initial-corrupt-check=true", "--experimental-watch-progress-notify-interval=5s"]
        : ["--feature-gates=InitialCorruptCheck=true", "--watch-progress-notify-interval=5s"];

    private static async Task<int> EtcdctlAsync(string endpoint, string[] arguments) =>
        (await Command.RunAsync(PeerPaths.Etcdctl, [$"--endpoints={endpoint}", .. arguments])).ExitCode;
}
