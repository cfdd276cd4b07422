using System.Security.Authentication;
using Krewe.Silo.Configuration.Parsing;
using Krewe.Silo.Tests.Configuration.Parsing;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Rules between the flags of TLS, with etcd's words.</summary>
public sealed class TlsOptionsTests
{
    private const string ClientHttps = "--listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379";

    [Theory]
    [InlineData(ClientHttps, "TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:2379 with HTTPS scheme")]
    [InlineData(ClientHttps + " --cert-file=c", "KeyFile and CertFile must both be present[key: , cert: c]")]
    [InlineData(ClientHttps + " --key-file=k", "KeyFile and CertFile must both be present[key: k, cert: ]")]
    [InlineData(ClientHttps + " --cert-file=c --key-file=k --client-key-file=x", "ClientKeyFile and ClientCertFile must both be present or both absent")]
    [InlineData(ClientHttps + " --cert-file=c --key-file=k --client-cert-allowed-cn=a --client-cert-allowed-hostname=b", "are mutually exclusive")]
    [InlineData("--listen-metrics-urls=https://127.0.0.1:1", "client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url")]
    [InlineData("--listen-peer-urls=https://127.0.0.1:2380", "cannot listen on TLS for 127.0.0.1:2380: KeyFile and CertFile are not presented")]
    [InlineData("--peer-key-file=k", "KeyFile and CertFile must both be present[key: k, cert: ]")]
    [InlineData("--peer-cert-file=c --peer-key-file=k --peer-cert-allowed-cn=a --peer-cert-allowed-hostname=b", "are mutually exclusive")]
    [InlineData("--tls-min-version=TLS1.3 --tls-max-version=TLS1.2", "min version (TLS1.3) is greater than max version (TLS1.2)")]
    [InlineData("--tls-min-version=TLS1.3 --cipher-suites=TLS_AES_128_GCM_SHA256", "cipher suites cannot be configured when only TLS1.3 is enabled")]
    [InlineData("--cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256,NO_SUCH_SUITE", "unexpected TLS cipher suite \"NO_SUCH_SUITE\"")]
    [InlineData("--cipher-suites=TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "unexpected TLS cipher suite")]
    [InlineData("--auto-tls --self-signed-cert-validity=0", "selfSignedCertValidity is invalid,it should be greater than 0")]
    [InlineData("--peer-auto-tls --self-signed-cert-validity=0", "selfSignedCertValidity is invalid,it should be greater than 0")]
    public void What_does_not_go_together_is_refused(string flags, string expected) =>
        Parsing.Fails(Parsing.Run(flags.Split(' ')), ParseResult.ExitCodeBadConfiguration, expected);

    [Theory]
    [InlineData(ClientHttps + " --auto-tls")]
    [InlineData(ClientHttps + " --cert-file=c --key-file=k --self-signed-cert-validity=0")]
    [InlineData("--listen-peer-urls=https://127.0.0.1:2380 --peer-auto-tls")]
    [InlineData("--cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305,TLS_RSA_WITH_RC4_128_SHA,TLS_AES_128_GCM_SHA256")]
    [InlineData("--cert-file=only-one-but-no-https")]
    public void What_goes_together_is_accepted(string flags) => Parsing.Options(flags.Split(' '));

    [Theory]
    [InlineData("", SslProtocols.Tls12 | SslProtocols.Tls13)]
    [InlineData("--tls-min-version=TLS1.3", SslProtocols.Tls13)]
    [InlineData("--tls-max-version=TLS1.2", SslProtocols.Tls12)]
    [InlineData("--tls-min-version= --tls-max-version=TLS1.3", SslProtocols.Tls12 | SslProtocols.Tls13)]
    public void Behaviour_345_versions_lie_between_the_bounds(string flags, SslProtocols expected) =>
        Assert.Equal(expected, Parsing.Options(flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Tls.Protocols);

    [Fact]
    public void Certificates_beside_plain_urls_are_warned_about()
    {
        var result = Parsing.Run("--cert-file=c", "--key-file=k", "--client-cert-auth", "--peer-client-cert-auth");

        Parsing.Started(result);
        Assert.Contains(result.Warnings, w => w.StartsWith("scheme is HTTP while key and cert files are present", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("--client-cert-auth is enabled", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("--peer-client-cert-auth is enabled", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--initial-advertise-peer-urls=http://10.0.0.1:2380 --initial-cluster=default=http://10.0.0.1:2380", true)]
    [InlineData("--initial-advertise-peer-urls=https://10.0.0.1:2380 --initial-cluster=default=https://10.0.0.1:2380 --peer-auto-tls", true)]
    [InlineData("--initial-advertise-peer-urls=https://10.0.0.1:2380 --initial-cluster=default=https://10.0.0.1:2380 --peer-cert-file=c --peer-key-file=k", false)]
    [InlineData("--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380", false)]
    public void Ports_that_strangers_can_use_are_warned_about(string flags, bool expected)
    {
        var result = Parsing.Run(flags.Split(' '));

        Parsing.Started(result);
        Assert.Equal(expected, result.Warnings.Any(w => w.Contains("the silo port or the gateway port controls this cluster", StringComparison.Ordinal)));
    }
}
