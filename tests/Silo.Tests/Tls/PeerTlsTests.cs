using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Connections between members, over real sockets.</summary>
public sealed class PeerTlsTests : IDisposable
{
    private static readonly TestAuthority Authority = TestAuthority.Create();
    private readonly TestFolder _folder = new();
    private readonly FakeHostNames _hosts = new();
    private readonly RecordingLogger _logger = new();

    public PeerTlsTests()
    {
        File.WriteAllText(_folder.File("ca"), Authority.Pem);
        Issue("good", new CertificateWish { CommonName = "member" });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Members_of_one_authority_talk_to_each_other() => TalksAsync(true, Options("good"), Options("good"));

    [Fact]
    public Task Members_with_one_certificate_for_serving_and_one_for_dialling_talk()
    {
        Issue("server", new CertificateWish { ExtendedUsages = [CertificateWish.ServerAuth] });
        Issue("client", new CertificateWish { ExtendedUsages = [CertificateWish.ClientAuth] });
        var both = Options("server") with { ClientCertFile = _folder.File("client.crt"), ClientKeyFile = _folder.File("client.key") };
        return TalksAsync(true, both, both);
    }

    [Fact]
    public async Task Whoever_shows_no_certificate_or_a_foreign_one_is_refused()
    {
        TestAuthority.Create("foreign").Issue(new CertificateWish()).Write(_folder.Path, "foreign");

        await TalksAsync(false, Options("good"), new PortTlsOptions { TrustedCaFile = _folder.File("ca") });
        await TalksAsync(false, Options("good"), Options("foreign"));
        await TalksAsync(false, Options("foreign"), Options("good"));
        Assert.Contains(_logger.Records, record => record.Level == LogLevel.Warning && record.Text.Contains("didn't provide a certificate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dialling_needs_a_certificate_for_the_host()
    {
        Issue("elsewhere", new CertificateWish { Addresses = ["10.0.0.1"], DnsNames = ["elsewhere.example"] });

        await TalksAsync(false, Options("elsewhere"), Options("good"));
    }

    [Fact]
    public async Task Peers_that_a_domain_named_may_have_certificates_for_the_domain()
    {
        Issue("domain", new CertificateWish { Addresses = [], DnsNames = ["cluster.example"] });
        PortTls Client(string serverName) =>
            new("peer", Options("good"), new TlsOptions(), new TlsLog(), TimeProvider.System) { ServerName = serverName };
        var server = Open(Options("domain") with { SkipClientSanVerification = true });

        await TalksAsync(true, server, Client("cluster.example"));
        await TalksAsync(false, server, Client("other.example"));
        await TalksAsync(false, server, Client(""));
    }

    [Theory]
    [InlineData("10.0.0.1", "", false)]
    [InlineData("", "peer.example", true)]
    [InlineData("", "other.example", false)]
    [InlineData("", "", true)]
    public async Task The_address_of_who_connects_must_fit_its_certificate(string address, string name, bool isGood)
    {
        _hosts.Names["127.0.0.1"] = ["peer.example"];
        Issue("caller", new CertificateWish { Addresses = Split(address), DnsNames = Split(name) });

        await TalksAsync(isGood, Options("good"), Options("caller"));
        await TalksAsync(true, Options("good") with { SkipClientSanVerification = true }, Options("caller"));
    }

    [Fact]
    public async Task Allowed_names_bind_both_sides()
    {
        await TalksAsync(true, Options("good") with { AllowedCommonNames = ["other", "member"] }, Options("good"));
        await TalksAsync(false, Options("good") with { AllowedCommonNames = ["other"] }, Options("good"));
        await TalksAsync(false, Options("good"), Options("good") with { AllowedCommonNames = ["other"] });
        await TalksAsync(true, Options("good") with { AllowedHostnames = ["no.example", "localhost"] }, Options("good"));
        await TalksAsync(false, Options("good") with { AllowedHostnames = ["no.example"] }, Options("good"));
    }

    [Fact]
    public async Task Revoked_certificates_are_refused_as_soon_as_the_list_says_so_and_all_are_while_there_never_was_a_list()
    {
        var rsa = TestAuthority.Create("rsa", KeyKind.Rsa);
        File.WriteAllText(_folder.File("ca"), rsa.Pem);
        var revoked = rsa.Issue(new CertificateWish());
        revoked.Write(_folder.Path, "revoked");
        rsa.Issue(new CertificateWish()).Write(_folder.Path, "fine");
        var server = Options("fine") with { CrlFile = _folder.File("crl") };
        var tls = Open(server);

        await TalksAsync(false, tls, Open(Options("fine")));
        File.WriteAllBytes(_folder.File("crl"), rsa.Revoke());
        await TalksAsync(true, tls, Open(Options("revoked")));
        File.WriteAllBytes(_folder.File("crl"), rsa.Revoke(revoked));
        await TalksAsync(false, tls, Open(Options("revoked")));
        await TalksAsync(true, tls, Open(Options("fine")));
    }

    [Fact]
    public async Task Generated_certificates_encrypt_and_prove_nothing()
    {
        var (certFile, keyFile) = SelfSignedCertificate.Ensure(_folder.File("auto"), ["nowhere"], 1, TimeProvider.System);
        var auto = new PortTlsOptions { AutoTls = true, CertFile = certFile, KeyFile = keyFile };

        await TalksAsync(true, auto, auto);
    }

    [Fact]
    public async Task New_certificates_count_from_the_next_connection_on()
    {
        var server = Open(Options("good"));
        var client = Open(Options("good"));
        await TalksAsync(true, server, client);

        var next = TestAuthority.Create("next");
        File.WriteAllText(_folder.File("ca"), next.Pem);
        next.Issue(new CertificateWish()).Write(_folder.Path, "good");

        await TalksAsync(true, server, client);
        Assert.Contains("next", server.Certificates.Single().Certificate.Issuer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS1.2", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS1.2", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    public async Task Chosen_cipher_suites_are_used_with_TLS_1_2(string suite, string version, TlsCipherSuite expected)
    {
        var protocol = new TlsOptions { CipherSuites = [suite], MaxVersion = version };
        var both = new PortTls("peer", Options("good"), protocol, new TlsLog(), TimeProvider.System);

        Assert.Equal((expected, SslProtocols.Tls12), await TalksAsync(true, both, both));
    }

    [Fact]
    public async Task Chosen_cipher_suites_leave_TLS_1_3_on()
    {
        var protocol = new TlsOptions { CipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"] };
        var server = new PortTls("peer", Options("good"), protocol, new TlsLog(), TimeProvider.System);

        Assert.Equal(SslProtocols.Tls13, (await TalksAsync(true, server, Open(Options("good")))).Version);
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private void Issue(string name, CertificateWish wish) => Authority.Issue(wish).Write(_folder.Path, name);

    private PortTlsOptions Options(string name) => new()
    {
        CertFile = _folder.File($"{name}.crt"),
        KeyFile = _folder.File($"{name}.key"),
        TrustedCaFile = _folder.File("ca"),
    };

    private PortTls Open(PortTlsOptions options) => new("peer", options, new TlsOptions(), new TlsLog { Logger = _logger }, TimeProvider.System);

    private Task<(TlsCipherSuite Suite, SslProtocols Version)> TalksAsync(bool expected, PortTlsOptions server, PortTlsOptions client) => TalksAsync(expected, Open(server), Open(client));

    /// <summary>Connects and sends an echo there and back; what both agreed on.</summary>
    private async Task<(TlsCipherSuite Suite, SslProtocols Version)> TalksAsync(bool expected, PortTls server, PortTls client)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var serving = Task.Run(
            async () =>
            {
                using var socket = await listener.AcceptSocketAsync(cancellation);
                await using var stream = await new TlsPeerSecurity(server, _hosts).AsServerAsync(new NetworkStream(socket), url, cancellation);
                var buffer = new byte[4];
                await stream.ReadExactlyAsync(buffer, cancellation);
                await stream.WriteAsync(buffer, cancellation);
                _ = await stream.ReadAsync(buffer, cancellation);
            },
            cancellation);
        (TlsCipherSuite, SslProtocols) agreed = default;
        var talked = false;
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancellation);
            try
            {
                await using var stream = await new TlsPeerSecurity(client, _hosts).AsClientAsync(new NetworkStream(socket), url, cancellation);
                await stream.WriteAsync("ping"u8.ToArray(), cancellation);
                var buffer = new byte[4];
                await stream.ReadExactlyAsync(buffer, cancellation);
                talked = Encoding.ASCII.GetString(buffer) == "ping";
                agreed = (((SslStream)stream).NegotiatedCipherSuite, ((SslStream)stream).SslProtocol);
            }
            catch (IOException)
            {
                // Refused by one side or the other.
            }
        }

        await serving.ContinueWith(_ => { }, cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.Equal(expected, talked);
        return agreed;
    }
}
