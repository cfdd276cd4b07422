using Krewe.Silo.Configuration.Options;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Turns the values of the flags into options, with etcd's rules for what an unset flag means.</summary>
internal static class OptionsBuilder
{
    /// <summary>The options, not validated yet; on failure <paramref name="error"/> says which text could not be read.</summary>
    public static bool TryBuild(FlagValues values, out ServerOptions? options, out string error)
    {
        options = null;
        var name = values.Text("name");
        var advertisePeerUrls = values.Urls("initial-advertise-peer-urls");
        if (!InitialMember.TryParseList(InitialCluster(values, name, advertisePeerUrls), out var members, out error)
            || !TryBuildCompaction(values, out var compaction, out error))
        {
            return false;
        }

        options = new ServerOptions
        {
            Name = name,
            Storage = BuildStorage(values, name),
            RaftTiming = BuildRaftTiming(values),
            RaftSnapshot = BuildRaftSnapshot(values),
            Listen = BuildListen(values),
            Tls = TlsOptionsBuilder.Build(values),
            Cluster = BuildCluster(values, advertisePeerUrls, members),
            RequestLimits = BuildRequestLimits(values),
            KeepAlive = BuildKeepAlive(values),
            Compaction = compaction,
            Watch = new WatchOptions { ProgressNotifyInterval = ProgressNotifyInterval(values) },
            Auth = BuildAuth(values),
            Logging = BuildLogging(values),
            Metrics = values.Text("metrics") == "extensive" ? MetricsDetail.Extensive : MetricsDetail.Basic,
            Grains = BuildGrains(values),
            LeaseCheckpoints = FeatureGates.IsEnabled(values.Text("feature-gates"), FeatureGates.LeaseCheckpoint),
            EnableGrpcGateway = values.Boolean("enable-grpc-gateway"),
            GrpcReflection = values.Boolean("grpc-reflection"),
        };
        return true;
    }

    /// <summary>A member that only has a name of its own is a cluster of that member with its advertised URLs, as in etcd.</summary>
    private static string InitialCluster(FlagValues values, string name, IReadOnlyList<EtcdUrl> advertisePeerUrls)
    {
        const string defaultName = "default";
        return values.IsSet("initial-cluster") || name == defaultName
            ? values.Text("initial-cluster")
            : string.Join(',', advertisePeerUrls.Select(url => $"{name}={url}"));
    }

    private static bool TryBuildCompaction(FlagValues values, out CompactionOptions options, out string error) =>
        CompactionOptions.TryCreate(
            values.Text("auto-compaction-mode") == "revision" ? CompactionMode.Revision : CompactionMode.Periodic,
            values.Text("auto-compaction-retention"),
            values.Integer("compaction-batch-limit"),
            values.Duration("compaction-sleep-interval"),
            out options,
            out error);

    private static StorageOptions BuildStorage(FlagValues values, string name)
    {
        var quota = values.Integer("quota-backend-bytes");
        return new StorageOptions
        {
            DataDirectory = values.Text("data-dir") is { Length: > 0 } directory ? directory : $"{name}.etcd",
            WalDirectory = values.Text("wal-dir") is { Length: > 0 } walDirectory ? walDirectory : null,
            QuotaBackendBytes = quota == 0 ? StorageOptions.DefaultQuotaBackendBytes : quota,
            UnsafeNoFsync = values.Boolean("unsafe-no-fsync"),
            BlockCacheBytes = SignedOrMinusOne(values.UnsignedLong("block-cache-bytes")),
            WriteBufferBytes = SignedOrMinusOne(values.UnsignedLong("write-buffer-bytes")),
            ValueCacheBytes = SignedOrMinusOne(values.UnsignedLong("value-cache-bytes")),
        };
    }

    private static RaftTimingOptions BuildRaftTiming(FlagValues values) => new()
    {
        HeartbeatIntervalMilliseconds = Saturate(values.UnsignedInteger("heartbeat-interval")),
        ElectionTimeoutMilliseconds = Saturate(values.UnsignedInteger("election-timeout")),
        InitialElectionTickAdvance = values.Boolean("initial-election-tick-advance"),
        PreVote = values.Boolean("pre-vote"),
    };

    private static RaftSnapshotOptions BuildRaftSnapshot(FlagValues values)
    {
        var count = values.UnsignedLong("snapshot-count");
        return new RaftSnapshotOptions
        {
            SnapshotCountEntries = count == 0 ? RaftSnapshotOptions.DefaultSnapshotCountEntries : count,
            CatchupEntries = values.UnsignedLong("snapshot-catchup-entries"),
        };
    }

    private static ListenOptions BuildListen(FlagValues values) => new()
    {
        PeerUrls = values.Urls("listen-peer-urls"),
        ClientUrls = values.Urls("listen-client-urls"),
        MetricsUrls = values.Urls("listen-metrics-urls"),
        CorsOrigins = ListOrAll(values, "cors"),
        HostWhitelist = ListOrAll(values, "host-whitelist"),
    };

    /// <summary>An empty list lets everybody in, as in etcd.</summary>
    private static IReadOnlyList<string> ListOrAll(FlagValues values, string name) => values.List(name) is { Count: > 0 } list ? list : ["*"];

    private static ClusterOptions BuildCluster(
        FlagValues values, IReadOnlyList<EtcdUrl> advertisePeerUrls, IReadOnlyList<InitialMember> members) => new()
        {
            AdvertisePeerUrls = advertisePeerUrls,
            AdvertiseClientUrls = values.Urls("advertise-client-urls"),
            InitialMembers = members,
            JoinsExisting = values.Text("initial-cluster-state") == "existing",
            ForceNewCluster = values.Boolean("force-new-cluster"),
            DiscoverySrv = values.Text("discovery-srv"),
            DiscoverySrvName = values.Text("discovery-srv-name"),
            InitialClusterToken = values.Text("initial-cluster-token"),
            StrictReconfigCheck = values.Boolean("strict-reconfig-check"),
            MaxLearners = (int)Math.Clamp(values.Integer("max-learners"), int.MinValue, int.MaxValue),
        };

    private static RequestLimitOptions BuildRequestLimits(FlagValues values) => new()
    {
        MaxTxnOps = IntOrMinusOne(values.UnsignedInteger("max-txn-ops")),
        MaxRequestBytes = IntOrMinusOne(values.UnsignedInteger("max-request-bytes")),
        MaxConcurrentStreams = values.UnsignedInteger("max-concurrent-streams"),
        WarningApplyDuration = values.Duration("warning-apply-duration"),
        WarningUnaryRequestDuration = values.Duration("warning-unary-request-duration"),
    };

    private static KeepAliveOptions BuildKeepAlive(FlagValues values) => new()
    {
        MinTime = values.Duration("grpc-keepalive-min-time"),
        Interval = values.Duration("grpc-keepalive-interval"),
        Timeout = values.Duration("grpc-keepalive-timeout"),
    };

    private static AuthOptions BuildAuth(FlagValues values) => new()
    {
        Token = values.Text("auth-token"),
        SimpleTokenTimeToLive = TimeSpan.FromSeconds(values.UnsignedInteger("auth-token-ttl")),
        BcryptCostGiven = values.UnsignedInteger("bcrypt-cost"),
        AuditLog = values.Boolean("audit-log"),
    };

    private static LoggingOptions BuildLogging(FlagValues values) => new()
    {
        Level = values.Text("log-level") switch
        {
            "debug" => LogLevel.Debug,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "panic" or "fatal" => LogLevel.Critical,
            _ => LogLevel.Information,
        },
        Format = values.Text("log-format") == "console" ? LogFormat.Console : LogFormat.Json,
        Outputs = LoggingOptions.ResolveOutputs(values.List("log-outputs")),
    };

    private static GrainOptions BuildGrains(FlagValues values) => new()
    {
        KeyPrefixes = values.List("key-prefixes"),
        SiloPort = IntOrMinusOne(values.UnsignedInteger("silo-port")),
        GatewayPort = IntOrMinusOne(values.UnsignedInteger("gateway-port")),
    };

    private static TimeSpan ProgressNotifyInterval(FlagValues values)
    {
        var minimum = TimeSpan.FromMilliseconds(WatchOptions.MinProgressNotifyIntervalMilliseconds);
        var wanted = values.Duration("watch-progress-notify-interval");
        return wanted < minimum ? minimum : wanted;
    }

    private static int Saturate(uint value) => (int)Math.Min(value, int.MaxValue);

    private static int IntOrMinusOne(uint value) => value <= int.MaxValue ? (int)value : -1;

    private static long SignedOrMinusOne(ulong value) => value <= long.MaxValue ? (long)value : -1;
}
