using System.Net.Security;
using Krewe.Conformance.Clients;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>etcdctl over TLS, against etcd and Krewe.</summary>
public sealed class EtcdctlTlsTests
{
    [Theory(DisplayName = "etcdctl of both releases works with its certificate and not without")]
    [InlineData(ServerKind.Etcd)]
    [InlineData(ServerKind.Krewe)]
    public async Task Etcdctl_needs_its_certificate(ServerKind kind)
    {
        using var files = new CertificateFolder();
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind, Flags: [.. files.ServerFlags, .. files.PeerFlags], UnsafeNoFsync: true, Tls: new ServerTls(files.Connect(files.Client), PeerUrlIsTls: true)));
        foreach (var etcdctl in new[] { PeerPaths.Etcdctl, PeerPaths.Etcdctl34 })
        {
            Assert.Equal((0, "OK\n"), await RunAsync(etcdctl, server, [.. files.EtcdctlFlags, "put", "a", "1"]));
            Assert.Equal((0, "a\n1\n"), await RunAsync(etcdctl, server, [.. files.EtcdctlFlags, "get", "a"]));
            Assert.Equal(0, (await RunAsync(etcdctl, server, [.. files.EtcdctlFlags, "endpoint", "health"])).ExitCode);
            Assert.Equal((1, ""), await RunAsync(etcdctl, server, [$"--cacert={files.CaFile}", "--command-timeout=2s", "get", "a"]));
            Assert.Equal((1, ""), await RunAsync(etcdctl, server, ["--insecure-skip-tls-verify", "--command-timeout=2s", "get", "a"]));
        }
    }

    [Theory(DisplayName = "--auto-tls and --peer-auto-tls serve TLS with generated certificates that last over a restart")]
    [InlineData(ServerKind.Etcd)]
    [InlineData(ServerKind.Krewe)]
    public async Task Auto_tls_serves_with_generated_certificates(ServerKind kind)
    {
        var seen = new List<string>();
        var client = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                // Nobody signed it: that it stays the same is all that can be asked.
                lock (seen)
                {
                    seen.Add(certificate!.GetCertHashString());
                    return seen[0] == seen[^1];
                }
            },
        };
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind, Flags: ["--auto-tls", "--peer-auto-tls"], UnsafeNoFsync: true, Tls: new ServerTls(client, PeerUrlIsTls: true)));
        Assert.Equal((0, "OK\n"), await RunAsync(PeerPaths.Etcdctl, server, ["--insecure-skip-tls-verify", "--insecure-transport=false", "put", "a", "1"]));
        Assert.True(File.Exists(Path.Combine(server.DataDir, "fixtures", "client", "cert.pem")));
        Assert.True(File.Exists(Path.Combine(server.DataDir, "fixtures", "peer", "key.pem")));

        await server.KillAsync();
        await server.RestartAsync();
        Assert.Equal((0, "a\n1\n"), await RunAsync(PeerPaths.Etcdctl, server, ["--insecure-skip-tls-verify", "--insecure-transport=false", "get", "a"]));
        Assert.Single(seen.Distinct());
    }

    [Theory(DisplayName = "one port serves http and https side by side; TLS serves gRPC, HTTP/1.1, HTTP/2 and the gateway")]
    [InlineData(ServerKind.Etcd)]
    [InlineData(ServerKind.Krewe)]
    public async Task All_protocols_share_a_port_with_TLS(ServerKind kind)
    {
        using var files = new CertificateFolder();
        var port = FreePort.Take(1)[0];
        var extra = $"https://127.0.0.1:{port},http://127.0.0.1:{port}";
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind,
            Flags: [.. files.ServerFlags, $"--listen-client-urls={{client}},{extra}"],
            UnsafeNoFsync: true,
            Tls: new ServerTls(files.Connect(files.Client))));
        Assert.Equal((0, "OK\n"), await RunAsync(PeerPaths.Etcdctl, $"http://127.0.0.1:{port}", ["put", "a", "1"]));
        Assert.Equal((0, "a\n1\n"), await RunAsync(PeerPaths.Etcdctl, $"https://127.0.0.1:{port}", [.. files.EtcdctlFlags, "get", "a"]));

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(files.Client) });
        foreach (var url in new[] { server.ClientUrl, $"https://127.0.0.1:{port}", $"http://127.0.0.1:{port}" })
        {
            foreach (var version in url.StartsWith("https", StringComparison.Ordinal) ? new[] { new Version(1, 1), new Version(2, 0) } : [new Version(1, 1)])
            {
                Assert.Contains("\"health\":\"true\"", await SendAsync(http, HttpMethod.Get, $"{url}/health", version), StringComparison.Ordinal);
                Assert.Contains("\"value\":\"MQ==\"", (await SendAsync(http, HttpMethod.Post, $"{url}/v3/kv/range", version)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }
    }

    [Theory(DisplayName = "B319 the host list counts on plain HTTP and not over TLS")]
    [InlineData(ServerKind.Etcd)]
    [InlineData(ServerKind.Krewe)]
    public async Task The_host_list_does_not_count_over_TLS(ServerKind kind)
    {
        using var files = new CertificateFolder();
        var port = FreePort.Take(1)[0];
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind,
            Flags: [.. files.ServerFlags, "--host-whitelist=good.example", "--cors=https://page.example:8443", $"--listen-client-urls={{client}},http://127.0.0.1:{port}"],
            UnsafeNoFsync: true,
            Tls: new ServerTls(files.Connect(files.Client))));
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(files.Client) });

        Assert.Equal(421, (await GetAsync(http, $"http://127.0.0.1:{port}/health", "evil.example")).Status);
        Assert.Equal((200, "https://page.example:8443"), await GetAsync(http, $"http://127.0.0.1:{port}/health", "good.example"));
        Assert.Equal((200, "https://page.example:8443"), await GetAsync(http, $"{server.ClientUrl}/health", "127.0.0.1"));
    }

    private static async Task<(int Status, string Origin)> GetAsync(HttpClient http, string url, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = host;
        request.Headers.Add("Origin", "https://page.example:8443");
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origin) ? origin.Single() : "");
    }

    private static async Task<string> SendAsync(HttpClient http, HttpMethod method, string url, Version version)
    {
        using var request = new HttpRequestMessage(method, url) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("{\"key\":\"YQ==\"}");
        }

        using var response = await http.SendAsync(request);
        Assert.Equal(version, response.Version);
        return await response.Content.ReadAsStringAsync();
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string etcdctl, ServerProcess server, string[] arguments) =>
        RunAsync(etcdctl, server.ClientUrl, arguments);

    private static async Task<(int ExitCode, string Output)> RunAsync(string etcdctl, string endpoint, string[] arguments)
    {
        var result = await Command.RunAsync(etcdctl, [$"--endpoints={endpoint}", .. arguments], null, ("ETCDCTL_API", "3"));
        return (result.ExitCode, result.Output);
    }
}
