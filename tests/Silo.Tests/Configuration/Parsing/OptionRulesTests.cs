using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Configuration.Parsing;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>Defaults, and the rules between values (behaviours 363 to 365).</summary>
public sealed class OptionRulesTests
{
    [Fact]
    public void Without_flags_all_is_as_etcd_has_it()
    {
        var result = Parsing.Run();
        var options = Parsing.Started(result);

        Assert.Empty(result.Warnings);
        Assert.Equal(("default", "default.etcd", null), (options.Name, options.Storage.DataDirectory, options.Storage.WalDirectory));
        Assert.Equal(2147483648, options.Storage.QuotaBackendBytes);
        Assert.Equal((100, 1000, 10), (options.RaftTiming.HeartbeatIntervalMilliseconds, options.RaftTiming.ElectionTimeoutMilliseconds, options.RaftTiming.ElectionTimeoutTicks));
        Assert.True(options.RaftTiming.PreVote && options.RaftTiming.InitialElectionTickAdvance && options.Cluster.StrictReconfigCheck && options.EnableGrpcGateway);
        Assert.Equal((10000UL, 5000UL), (options.RaftSnapshot.SnapshotCountEntries, options.RaftSnapshot.CatchupEntries));
        Assert.Equal([new EtcdUrl("http", "localhost", 2380)], options.Listen.PeerUrls);
        Assert.Equal([new EtcdUrl("http", "localhost", 2379)], options.Listen.ClientUrls);
        Assert.Empty(options.Listen.MetricsUrls);
        Assert.Equal(("etcd-cluster", 1), (options.Cluster.InitialClusterToken, options.Cluster.MaxLearners));
        Assert.Equal((128, 1572864, 4294967295U), (options.RequestLimits.MaxTxnOps, options.RequestLimits.MaxRequestBytes, options.RequestLimits.MaxConcurrentStreams));
        Assert.Equal(
            (TimeSpan.FromSeconds(5), TimeSpan.FromHours(2), TimeSpan.FromSeconds(20)),
            (options.KeepAlive.MinTime, options.KeepAlive.Interval, options.KeepAlive.Timeout));
        Assert.False(options.Compaction.IsAutomatic);
        Assert.Equal((1000, TimeSpan.FromMilliseconds(10)), (options.Compaction.BatchLimitRevisions, options.Compaction.SleepInterval));
        Assert.Equal(TimeSpan.FromMinutes(10), options.Watch.ProgressNotifyInterval);
        Assert.Equal((LogLevel.Information, LogFormat.Json, MetricsDetail.Basic), (options.Logging.Level, options.Logging.Format, options.Metrics));
        Assert.Equal(["stderr"], options.Logging.Outputs);
        Assert.Null(options.Cluster.ValidateBootstrap(options.Name));
    }

    [Fact]
    public void Reflection_is_off_and_never_where_strangers_reach_it()
    {
        const string expected = "--grpc-reflection needs --client-cert-auth and https for client URLs that are not on loopback";
        string[] everywhere = ["--grpc-reflection", "--advertise-client-urls=https://example:2379", "--cert-file=c", "--key-file=k"];

        Assert.False(Parsing.Options().GrpcReflection);
        Assert.True(Parsing.Options("--grpc-reflection").GrpcReflection);
        Parsing.Fails(
            Parsing.Run("--grpc-reflection", "--listen-client-urls=http://0.0.0.0:2379", "--advertise-client-urls=http://example:2379"),
            ParseResult.ExitCodeBadConfiguration,
            expected);
        Parsing.Fails(Parsing.Run([.. everywhere, "--listen-client-urls=https://0.0.0.0:2379"]), ParseResult.ExitCodeBadConfiguration, expected);
        Assert.True(Parsing.Options([.. everywhere, "--listen-client-urls=https://0.0.0.0:2379", "--client-cert-auth", "--trusted-ca-file=a"]).GrpcReflection);
    }

    [Fact]
    public void Behaviour_363_listen_client_urls_need_advertise_client_urls()
    {
        const string expected = "--advertise-client-urls is required when --listen-client-urls is set explicitly";

        Parsing.Fails(Parsing.Run("--listen-client-urls=http://127.0.0.1:2379"), ParseResult.ExitCodeBadConfiguration, expected);
        Parsing.Fails(Parsing.Run([], new() { ["ETCD_LISTEN_CLIENT_URLS"] = "http://127.0.0.1:2379" }), ParseResult.ExitCodeBadConfiguration, expected);
        Parsing.Options("--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://example:2379");
    }

    [Fact]
    public void Clients_may_come_over_unix_sockets_but_members_may_not()
    {
        var options = Parsing.Options("--listen-client-urls=unix:///run/krewe.sock", "--advertise-client-urls=unix://localhost:1", "--listen-metrics-urls=unix://m:2");
        Assert.Equal("unix:///run/krewe.sock", Assert.Single(options.Listen.ClientUrls).ToString());
        Parsing.Fails(
            Parsing.Run("--listen-peer-urls=unix:///run/krewe.sock"), ParseResult.ExitCodeBadConfiguration, "members do not talk over Unix sockets");
    }

    [Theory]
    [InlineData("http://localhost:2380", null)]
    [InlineData("http://[::1]:2380", null)]
    [InlineData("http://0.0.0.0:2380", null)]
    [InlineData("http://example.com:2380", "expected IP in URL for binding (http://example.com:2380)")]
    [InlineData("http://LOCALHOST:2380", "expected IP in URL for binding")]
    [InlineData("http://:2380", "expected IP in URL for binding")]
    public void Behaviour_364_listeners_need_an_address_or_localhost(string url, string? expected)
    {
        foreach (var flag in new[] { "--listen-peer-urls", "--listen-metrics-urls" })
        {
            var result = Parsing.Run($"{flag}={url}");
            if (expected is null)
            {
                Parsing.Started(result);
            }
            else
            {
                Parsing.Fails(result, ParseResult.ExitCodeBadConfiguration, expected);
            }
        }
    }

    [Theory]
    [InlineData("100", "500", null)]
    [InlineData("100", "499", "--election-timeout[499ms] should be at least as 5 times as --heartbeat-interval[100ms]")]
    [InlineData("100", "50000", null)]
    [InlineData("100", "50001", "--election-timeout[50001ms] is too long, and should be set less than 50000ms")]
    [InlineData("0", "1000", "--heartbeat-interval must be >0 (set to 0ms)")]
    [InlineData("100", "0", "--election-timeout must be >0 (set to 0ms)")]
    [InlineData("4294967295", "4294967295", "should be at least as 5 times")]
    public void Behaviour_365_election_timeout_is_bounded(string heartbeat, string election, string? expected)
    {
        var result = Parsing.Run($"--heartbeat-interval={heartbeat}", $"--election-timeout={election}");

        if (expected is null)
        {
            Parsing.Started(result);
        }
        else
        {
            Parsing.Fails(result, ParseResult.ExitCodeBadConfiguration, expected);
        }
    }

    [Theory]
    [InlineData("--initial-cluster=a", "URL scheme must be")]
    [InlineData("--initial-advertise-peer-urls=http://:2380", "--initial-advertise-peer-urls \"http://:2380\" must be \"host:port\"")]
    [InlineData("--name=", "--name must not be empty")]
    [InlineData("--max-learners=0", "--max-learners must be at least 1")]
    [InlineData("--max-txn-ops=4294967295", "--max-txn-ops must be at most")]
    [InlineData("--max-request-bytes=4294967295", "--max-request-bytes must be at most")]
    [InlineData("--grpc-keepalive-interval=-1s", "must not be negative")]
    [InlineData("--write-buffer-bytes=0", "--write-buffer-bytes must be above 0")]
    [InlineData("--block-cache-bytes=18446744073709551615", "must be below 2^63")]
    [InlineData("--silo-port=65536", "--silo-port must be from 0 to 65535")]
    [InlineData("--gateway-port=4294967295", "--gateway-port must be from 0 to 65535")]
    [InlineData("--log-outputs=systemd/journal", "not supported by krewe yet")]
    [InlineData("--log-outputs=default,stdout", "\"default\" cannot be combined")]
    [InlineData("--auto-compaction-retention=soon", "must be a number of hours or a duration")]
    [InlineData("--auto-compaction-retention=-1h", "must be a number of hours or a duration")]
    [InlineData("--auto-compaction-retention=9223372036854775807", "is too long")]
    [InlineData("--compaction-batch-limit=-1", "--compaction-batch-limit must be from 0")]
    [InlineData("--compaction-sleep-interval=-1s", "must not be negative")]
    [InlineData("--feature-gates=FastLeaseKeepAlive=false", "FastLeaseKeepAlive=false is not supported by krewe yet")]
    [InlineData("--feature-gates=NoSuchGate=true", "unrecognized feature gate: NoSuchGate")]
    [InlineData("--feature-gates=LeaseCheckpointPersist=true", "enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint")]
    [InlineData("--feature-gates=LeaseCheckpoint=true,LeaseCheckpointPersist=true,LeaseCheckpoint=false", "requires enabling feature gate")]
    [InlineData("--feature-gates=LeaseCheckpoint", "missing bool value for LeaseCheckpoint")]
    [InlineData("--feature-gates=LeaseCheckpoint=maybe", "not a boolean")]
    public void Bad_values_are_refused(string argument, string expected) =>
        Parsing.Fails(Parsing.Run(argument), ParseResult.ExitCodeBadConfiguration, expected);

    [Theory]
    [InlineData("--name=m", false)]
    [InlineData("--feature-gates=LeaseCheckpoint=false", false)]
    [InlineData("--feature-gates=LeaseCheckpoint=true", true)]
    [InlineData("--feature-gates=LeaseCheckpointPersist=true,LeaseCheckpoint=true", true)]
    [InlineData("--feature-gates=InitialCorruptCheck=false, LeaseCheckpoint = 1", true)]
    public void B179_lease_checkpoints_are_switched_by_their_gate(string argument, bool expected) =>
        Assert.Equal(expected, Parsing.Options(argument).LeaseCheckpoints);

    [Theory]
    [InlineData("--feature-gates=TxnModeWriteWithSharedBuffer=false", "has no effect in krewe")]
    public void Some_values_are_accepted_with_a_warning(string argument, string expected)
    {
        var result = Parsing.Run(argument);

        Parsing.Started(result);
        Assert.Contains(expected, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_with_only_a_name_is_a_cluster_of_its_advertised_urls()
    {
        var options = Parsing.Options("--name=m", "--initial-advertise-peer-urls=http://b:1,http://a:1");

        Assert.Equal("m", Assert.Single(options.Cluster.InitialMembers).Name);
        Assert.Equal(["http://a:1", "http://b:1"], options.Cluster.InitialMembers[0].PeerUrls.Select(url => url.ToString()));
        Assert.Null(options.Cluster.ValidateBootstrap(options.Name));
    }

    [Theory]
    [InlineData("m", "other=http://a:1", "couldn't find local name \"m\" in the initial cluster configuration")]
    [InlineData("m", "m=http://b:1", "--initial-cluster has m=http://b:1 but missing from --initial-advertise-peer-urls=http://a:1")]
    [InlineData("m", "m=http://a:1,n=http://a:1", "initial cluster m=http://a:1,n=http://a:1 has duplicated url")]
    [InlineData("m", "m=http://a:1", null)]
    [InlineData("m", "n=http://b:1,m=http://a:1,o=http://c:1", null)]
    public void A_new_cluster_must_contain_this_member_with_its_urls(string name, string initialCluster, string? expected)
    {
        var options = Parsing.Options($"--name={name}", "--initial-advertise-peer-urls=http://a:1", $"--initial-cluster={initialCluster}");

        Assert.Equal(expected, options.Cluster.ValidateBootstrap(name));
    }

    [Fact]
    public void Initial_cluster_and_discovery_exclude_each_other() => Parsing.Fails(
        Parsing.Run("--initial-cluster=default=http://localhost:2380", "--discovery-srv=example.com"),
        ParseResult.ExitCodeBadConfiguration,
        "multiple discovery or bootstrap flags are set. Choose one of \"initial-cluster\", \"discovery\", \"discovery-endpoints\" or \"discovery-srv\"");

    [Theory]
    [InlineData("periodic", "2", 2 * 60, 0)]
    [InlineData("periodic", "90m", 90, 0)]
    [InlineData("revision", "1000", 0, 1000)]
    [InlineData("revision", "0", 0, 0)]
    public void Retention_is_read_by_mode(string mode, string retention, int expectedMinutes, long expectedRevisions)
    {
        var compaction = Parsing.Options($"--auto-compaction-mode={mode}", $"--auto-compaction-retention={retention}").Compaction;

        Assert.Equal((TimeSpan.FromMinutes(expectedMinutes), expectedRevisions), (compaction.RetentionPeriod, compaction.RetentionRevisions));
        Assert.Equal(expectedMinutes > 0 || expectedRevisions > 0, compaction.IsAutomatic);
    }

    [Fact]
    public void Retention_in_revisions_cannot_be_a_duration() => Parsing.Fails(
        Parsing.Run("--auto-compaction-mode=revision", "--auto-compaction-retention=1h"), ParseResult.ExitCodeBadConfiguration, "must be a number of revisions");

    [Fact] // Behaviour 143.
    public void Behaviour_143_progress_interval_is_raised_to_100_ms() =>
        Assert.Equal(TimeSpan.FromMilliseconds(100), Parsing.Options("--watch-progress-notify-interval=1ms").Watch.ProgressNotifyInterval);

    [Theory]
    [InlineData("0", 2147483648)]
    [InlineData("-1", -1)]
    [InlineData("0x400", 1024)]
    public void Quota_zero_means_the_default_and_negative_no_limit(string value, long expected) =>
        Assert.Equal(expected, Parsing.Options($"--quota-backend-bytes={value}").Storage.QuotaBackendBytes);

    [Fact]
    public void Zero_means_the_default_for_some_counts()
    {
        var options = Parsing.Options("--snapshot-count=0", "--compaction-batch-limit=0", "--compaction-sleep-interval=0");

        Assert.Equal((10000UL, 1000, 10), (options.RaftSnapshot.SnapshotCountEntries, options.Compaction.BatchLimitRevisions, options.Compaction.SleepInterval.Milliseconds));
    }

    [Fact]
    public void Key_prefixes_are_bounded() => Parsing.Fails(
        Parsing.Run($"--key-prefixes={string.Join(',', Enumerable.Range(0, GrainOptions.MaxKeyPrefixes + 1))}"), ParseResult.ExitCodeBadConfiguration, "at most 1024 prefixes");
}
