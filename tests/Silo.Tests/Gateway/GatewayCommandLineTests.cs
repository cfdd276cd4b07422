using Krewe.Silo.Gateway;

namespace Krewe.Silo.Tests.Gateway;

public sealed class GatewayCommandLineTests
{
    [Fact]
    public void Both_names_of_the_command_are_known_and_others_are_a_members()
    {
        Assert.Equal(["--endpoints=a:1"], GatewayCommandLine.After(["gateway", "--endpoints=a:1"])!);
        Assert.Equal(["--endpoints=a:1"], GatewayCommandLine.After(["grpc-proxy", "start", "--endpoints=a:1"])!);
        Assert.Null(GatewayCommandLine.After(["--name=gateway"]));
        Assert.Null(GatewayCommandLine.After([]));
    }

    [Fact]
    public void Etcds_flags_and_those_of_a_member_go_together()
    {
        Assert.True(GatewayCommandLine.TryParse(
            [
                "--endpoints", "10.0.0.1:2379,http://10.0.0.2:2379", "--listen-addr=127.0.0.1:4000", "--metrics-addr=127.0.0.1:4001",
                "--advertise-client-url=x", "--max-request-bytes=7", "--client-cert-auth", "--user=gate:pass:word",
            ],
            out var options,
            out var text),
            text);
        Assert.Equal(["http://10.0.0.1:2379", "http://10.0.0.2:2379"], options!.Endpoints.Select(e => e.ToString()));
        Assert.Equal("http://127.0.0.1:4000", Assert.Single(options.Server.Listen.ClientUrls).ToString());
        Assert.Equal("http://127.0.0.1:4001", Assert.Single(options.Server.Listen.MetricsUrls).ToString());
        Assert.Equal(7, options.Server.RequestLimits.MaxRequestBytes);
        Assert.Equal("gate:pass:word", options.User);
    }

    [Fact]
    public void The_defaults_are_those_of_etcds_proxy()
    {
        Assert.True(GatewayCommandLine.TryParse([], out var options, out _));
        Assert.Equal("http://127.0.0.1:2379", Assert.Single(options!.Endpoints).ToString());
        Assert.Equal("http://127.0.0.1:23790", Assert.Single(options.Server.Listen.ClientUrls).ToString());
        Assert.Empty(options.Server.Listen.MetricsUrls);
    }

    [Fact]
    public void Certificates_make_addresses_without_a_scheme_https()
    {
        Assert.True(GatewayCommandLine.TryParse(
            ["--endpoints=a:1", "--cacert=ca.pem", "--cert=c.pem", "--key=k.pem", "--listen-addr=127.0.0.1:2", "--cert-file=s.pem", "--key-file=s.key"],
            out var options,
            out var text),
            text);
        Assert.Equal("https://a:1", Assert.Single(options!.Endpoints).ToString());
        Assert.Equal("https://127.0.0.1:2", Assert.Single(options.Server.Listen.ClientUrls).ToString());
        Assert.Equal(("ca.pem", "c.pem", "k.pem"), (options.EndpointTls.TrustedCaFile, options.EndpointTls.ClientCertFile, options.EndpointTls.ClientKeyFile));
    }

    [Theory]
    [InlineData("--data-dir=x", "unknown flag: --data-dir")]
    [InlineData("--endpoints=a", "--endpoints: URL address does not have the form")]
    [InlineData("--listen-addr=name:1", "expected IP in URL for binding")]
    [InlineData("--listen-addr", "flag needs an argument: --listen-addr")]
    [InlineData("start", "\"start\" is not a valid flag")]
    [InlineData("--cert=c.pem", "ClientKeyFile and ClientCertFile must both be present")]
    [InlineData("--max-request-bytes=x", "invalid value \"x\"")]
    [InlineData("--max-txn-ops=1", "unknown flag: --max-txn-ops")]
    [InlineData("--help", "Usage: krewe gateway")]
    public void Mistakes_are_named(string argument, string expected)
    {
        Assert.False(GatewayCommandLine.TryParse([argument], out _, out var text));
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }
}
