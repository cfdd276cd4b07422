using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>Certificates of all sorts, shown to etcd and to Krewe: both let in the same ones.</summary>
public sealed class ClientCertificateTests
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(8);

    [Fact(DisplayName = "B345 the same client certificates are let in and refused")]
    public async Task The_same_client_certificates_are_let_in()
    {
        using var files = new CertificateFolder();
        var revoked = files.Authority.Issue(new CertificateWish());
        File.WriteAllBytes(files.In("crl"), files.Authority.Revoke(revoked));
        var cases = Cases(files, revoked);
        await using var etcd = await StartAsync(ServerKind.Etcd, files, $"--client-crl-file={files.In("crl")}");
        await using var krewe = await StartAsync(ServerKind.Krewe, files, $"--client-crl-file={files.In("crl")}");

        await CompareAsync(files, etcd, krewe, cases);
    }

    [Fact(DisplayName = "B345 --client-cert-allowed-hostname lets in the same certificates")]
    public async Task The_allowed_hostname_lets_in_the_same_certificates()
    {
        using var files = new CertificateFolder();
        await using var etcd = await StartAsync(ServerKind.Etcd, files, "--client-cert-allowed-hostname=localhost");
        await using var krewe = await StartAsync(ServerKind.Krewe, files, "--client-cert-allowed-hostname=localhost");

        await CompareAsync(files, etcd, krewe,
        [
            ("the allowed name", files.Client, true),
            ("a wildcard is no name without a dot", Issue(files, wish => wish with { DnsNames = ["*.localhost"] }), false),
            ("another name", Issue(files, wish => wish with { DnsNames = ["other.example"] }), false),
            ("the name only as common name", Issue(files, wish => wish with { CommonName = "localhost", DnsNames = [], Addresses = [] }), false),
        ]);
    }

    [Fact(DisplayName = "B317 https metrics use the client's TLS, and compare the address with the certificate as etcd does there only")]
    public async Task Https_metrics_want_certificates_for_the_address()
    {
        using var files = new CertificateFolder();
        var elsewhere = Issue(files, wish => wish with { DnsNames = [], Addresses = ["10.1.2.3"] });
        foreach (var kind in new[] { ServerKind.Etcd, ServerKind.Krewe })
        {
            var port = FreePort.Take(1)[0];
            await using var server = await StartAsync(kind, files, $"--listen-metrics-urls=https://127.0.0.1:{port}");
            Assert.Equal((kind, true), (kind, await GetsAsync(files, port, files.Client)));
            Assert.Equal((kind, false), (kind, await GetsAsync(files, port, null)));
            Assert.Equal((kind, false), (kind, await GetsAsync(files, port, elsewhere)));
            Assert.Equal((kind, true), (kind, await IsLetInAsync(server, files, elsewhere)));
        }
    }

    private static List<(string Name, TestCertificate? Certificate, bool Expected)> Cases(CertificateFolder files, TestCertificate revoked)
    {
        var now = DateTimeOffset.UtcNow;
        var authority = files.Authority;
        return
        [
            ("none", null, false),
            ("of a client", files.Client, true),
            ("RSA", Issue(files, wish => wish with { Key = KeyKind.Rsa }), true),
            ("for both sides", Issue(files, wish => wish), true),
            ("for servers only", Issue(files, wish => wish with { ExtendedUsages = [CertificateWish.ServerAuth] }), false),
            ("for code signing", Issue(files, wish => wish with { ExtendedUsages = ["1.3.6.1.5.5.7.3.3"] }), false),
            ("for any use", Issue(files, wish => wish with { ExtendedUsages = ["2.5.29.37.0"] }), true),
            ("without extended usage", Issue(files, wish => wish with { ExtendedUsages = [] }), true),
            ("another plain usage", Issue(files, wish => wish with { KeyUsage = X509KeyUsageFlags.KeyEncipherment }), true),
            ("expired", Issue(files, wish => wish with { NotAfter = now.AddMinutes(-5) }), false),
            ("not valid yet", Issue(files, wish => wish with { NotBefore = now.AddHours(2), NotAfter = now.AddHours(9) }), false),
            ("names of elsewhere", Issue(files, wish => wish with { DnsNames = ["elsewhere.example"], Addresses = ["10.0.0.1"] }), true),
            ("without names", Issue(files, wish => wish with { CommonName = "", DnsNames = [], Addresses = [] }), true),
            ("revoked", revoked, false),
            ("of a foreign authority", TestAuthority.Create("foreign").Issue(new CertificateWish()), false),
            ("of a foreign authority of the same name", TestAuthority.Create("ca").Issue(new CertificateWish()), false),
            ("by an intermediate", authority.Intermediate("one").Issue(new CertificateWish()), true),
            ("by two intermediates", authority.Intermediate("one").Intermediate("two").Issue(new CertificateWish()), true),
            ("by an expired intermediate", authority.Intermediate("old", now.AddMinutes(-5)).Issue(new CertificateWish()), false),
            ("by an intermediate for servers", authority.Intermediate("servers", null, CertificateWish.ServerAuth).Issue(new CertificateWish()), false),
            ("by a missing intermediate", Alone(authority.Intermediate("gone").Issue(new CertificateWish())), false),
        ];
    }

    private static TestCertificate Alone(TestCertificate certificate) => certificate with { CertificatePem = certificate.Certificate.ExportCertificatePem() };

    private static TestCertificate Issue(CertificateFolder files, Func<CertificateWish, CertificateWish> change) => files.Authority.Issue(change(new CertificateWish()));

    private static async Task CompareAsync(
        CertificateFolder files, ServerProcess etcd, ServerProcess krewe, List<(string Name, TestCertificate? Certificate, bool Expected)> cases)
    {
        var expected = cases.Select(c => $"{c.Name}: {c.Expected}");
        Assert.Equal(expected, await AnswersAsync(etcd, files, cases));
        Assert.Equal(expected, await AnswersAsync(krewe, files, cases));
    }

    private static async Task<List<string>> AnswersAsync(
        ServerProcess server, CertificateFolder files, List<(string Name, TestCertificate? Certificate, bool Expected)> cases)
    {
        var answers = new List<string>();
        foreach (var (name, certificate, _) in cases)
        {
            answers.Add($"{name}: {await IsLetInAsync(server, files, certificate)}");
        }

        return answers;
    }

    private static async Task<bool> IsLetInAsync(ServerProcess server, CertificateFolder files, TestCertificate? certificate)
    {
        using var channel = server.Target.NewChannel(files.Connect(certificate));
        try
        {
            await new KV.KVClient(channel).RangeAsync(Requests.Range("a"), deadline: DateTime.UtcNow + CallLimit);
            return true;
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }

    private static async Task<bool> GetsAsync(CertificateFolder files, int port, TestCertificate? certificate)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(certificate) }) { Timeout = CallLimit };
        try
        {
            return (await client.GetStringAsync($"https://127.0.0.1:{port}/metrics")).Contains("etcd_server_has_leader", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task<ServerProcess> StartAsync(ServerKind kind, CertificateFolder files, params string[] flags)
    {
        SslClientAuthenticationOptions client = files.Connect(files.Client);
        return ServerProcess.StartAsync(new ServerOptions(kind, Flags: [.. files.ServerFlags, .. flags], UnsafeNoFsync: true, Tls: new ServerTls(client)));
    }
}
