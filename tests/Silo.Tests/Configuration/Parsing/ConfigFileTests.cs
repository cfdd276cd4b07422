using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>Behaviour 362.</summary>
public sealed class ConfigFileTests
{
    [Fact]
    public void Yaml_sets_flags()
    {
        var options = Parsing.Started(Parsing.RunFile(
            """
            # A comment.
            name: m1
            data-dir: /var/lib/etcd
            heartbeat-interval: 200
            election-timeout: 2000
            pre-vote: false
            log-outputs: [stderr, /var/log/etcd.log]
            listen-client-urls: http://127.0.0.1:2379,http://127.0.0.1:4001
            advertise-client-urls: http://m1:2379
            auto-compaction-retention: "1"
            wal-dir:
            """));

        Assert.Equal("m1", options.Name);
        Assert.Equal("/var/lib/etcd", options.Storage.DataDirectory);
        Assert.Null(options.Storage.WalDirectory);
        Assert.Equal((200, 2000, 10), (options.RaftTiming.HeartbeatIntervalMilliseconds, options.RaftTiming.ElectionTimeoutMilliseconds, options.RaftTiming.ElectionTimeoutTicks));
        Assert.False(options.RaftTiming.PreVote);
        Assert.Equal(["stderr", "/var/log/etcd.log"], options.Logging.Outputs);
        Assert.Equal(2, options.Listen.ClientUrls.Count);
        Assert.Equal(TimeSpan.FromHours(1), options.Compaction.RetentionPeriod);
    }

    [Fact]
    public void Json_sets_flags() =>
        Assert.Equal(("m1", 64), Parsing.Started(Parsing.RunFile("""{"name": "m1", "max-txn-ops": 64}""")) is var options ? (options.Name, options.RequestLimits.MaxTxnOps) : default);

    [Fact]
    public void Durations_are_integer_nanoseconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Parsing.Started(Parsing.RunFile("grpc-keepalive-timeout: 7000000000")).KeepAlive.Timeout);
        Parsing.Fails(Parsing.RunFile("grpc-keepalive-timeout: 7s"), ParseResult.ExitCodeBadConfiguration, "\"7s\" is not a number of nanoseconds");
    }

    [Fact]
    public void Flags_and_variables_are_ignored_with_a_warning()
    {
        var result = Parsing.RunFile("name: file", ["--max-txn-ops=5"], new() { ["ETCD_NAME"] = "env" });

        Assert.Equal(("file", 128), (Parsing.Started(result).Name, result.Options!.RequestLimits.MaxTxnOps));
        Assert.Equal("settings come from etcd.yaml; ignored: --max-txn-ops, ETCD_NAME", Assert.Single(result.Warnings));
    }

    [Fact]
    public void Unknown_flags_are_still_refused() =>
        Parsing.Fails(Parsing.RunFile("name: file", ["--no-such-flag"]), ParseResult.ExitCodeBadUsage, "flag provided but not defined");

    [Fact]
    public void Its_path_may_come_from_the_variable()
    {
        var result = CommandLineParser.Parse([], new Dictionary<string, string> { ["ETCD_CONFIG_FILE"] = "x.json" }, path => $"name: read-{path}");

        Assert.Equal("read-x.json", Parsing.Started(result).Name);
    }

    [Fact]
    public void The_sections_of_security_fill_the_options_of_their_port()
    {
        var tls = Parsing.Started(Parsing.RunFile("""
            self-signed-cert-validity: 0
            client-transport-security: {cert-file: a.pem, key-file: a.key, client-cert-auth: true, allowed-hostname: [a, b]}
            peer-transport-security: {cert-file: b.pem, key-file: b.key, trusted-ca-file: ca.pem, allowed-cn: [c], skip-client-san-verification: true}
            """)).Tls;

        Assert.Equal(("a.pem", "a.key", true, false), (tls.Client.CertFile, tls.Client.KeyFile, tls.Client.ClientCertAuth, tls.Client.AutoTls));
        Assert.Equal(["a", "b"], tls.Client.AllowedHostnames);
        Assert.Equal(("b.pem", "b.key", "ca.pem", true), (tls.Peer.CertFile, tls.Peer.KeyFile, tls.Peer.TrustedCaFile, tls.Peer.SkipClientSanVerification));
        Assert.Equal(["c"], tls.Peer.AllowedCommonNames);
        Assert.True(tls.Peer.RequiresClientCertificate);
        Assert.Equal(1u, tls.SelfSignedCertValidityYears);
    }

    [Theory]
    [InlineData("client-transport-security: {auto-tls: true}")]
    [InlineData("client-transport-security: {allowed-cn: [a]}")]
    [InlineData("peer-transport-security: {auto-tls: true}")]
    public void Keys_of_the_sections_of_security_are_flags(string file)
    {
        var tls = Parsing.Started(Parsing.RunFile(file)).Tls;

        Assert.NotEqual(new TlsOptions(), tls);
    }

    [Theory]
    [InlineData("discovery-config: {token: t, client: {endpoints: [e]}}", "--discovery-")]
    [InlineData("discovery-config: {client: {secure: {cacert: c}}}", "--discovery-cacert")]
    [InlineData("socket-options: {reuse-port: true}", "--socket-reuse-port")]
    public void Sections_stand_for_the_flags_of_their_keys(string file, string expectedFlag)
    {
        var result = Parsing.RunFile(file);

        Parsing.Fails(result, ParseResult.ExitCodeBadConfiguration, "is not supported by krewe yet");
        Assert.Contains(expectedFlag, result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client-transport-security:\n  cert-file:\n  client-cert-auth: false\n  auto-tls: false")]
    [InlineData("peer-transport-security:")]
    [InlineData("")]
    [InlineData("# nothing")]
    public void Sections_at_their_defaults_are_accepted(string file) => Parsing.Started(Parsing.RunFile(file));

    [Theory]
    [InlineData("client-transport-security: {cert-fil: a.pem}", "client-transport-security.cert-fil is not supported")]
    [InlineData("peer-transport-security: yes", "invalid peer-transport-security")]
    [InlineData("name: {a: b}", "invalid name")]
    [InlineData("- name", "expected keys and values at the top level")]
    [InlineData("name: [", "line 2")]
    [InlineData("name: a\nname: b", "line 2")]
    [InlineData("name: {\na: \n:\nb: .\n", "malformed YAML")]
    [InlineData("max-txn-ops: lots", "max-txn-ops: invalid value \"lots\"")]
    public void A_bad_file_is_refused_with_its_name(string file, string expected)
    {
        var result = Parsing.RunFile(file);

        Parsing.Fails(result, ParseResult.ExitCodeBadConfiguration, expected);
        Assert.StartsWith(Parsing.ConfigPath, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused() =>
        Parsing.Fails(Parsing.Run("--config-file=gone.yaml"), ParseResult.ExitCodeBadConfiguration, "cannot read --config-file gone.yaml: no file gone.yaml");

    [Theory]
    [InlineData("no-such-key: 1", "key no-such-key is unknown and ignored")]
    [InlineData("enable-v2: true", "removed before etcd 3.7")]
    [InlineData("discovery-fallback: proxy", "key discovery-fallback is unknown and ignored")]
    [InlineData("raft-read-timeout: 1", "key raft-read-timeout is unknown and ignored")]
    [InlineData("version: true", "key version is unknown and ignored")]
    public void Unknown_keys_are_ignored_with_a_warning_as_etcd_ignores_them(string file, string expected)
    {
        var result = Parsing.RunFile(file);

        Parsing.Started(result);
        Assert.Contains(expected, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }
}
