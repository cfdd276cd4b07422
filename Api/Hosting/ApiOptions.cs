using Krewe.Grains.Interfaces;

namespace Krewe.Api.Hosting;

/// <summary>What the etcd face can be told; defaults are etcd's (flags.tsv).</summary>
public sealed record ApiOptions
{
    /// <summary>What gRPC accepts beyond <see cref="MaxRequestBytes"/> (behaviour 65).</summary>
    public const int ReceiveOverheadBytes = 512 * 1024;

    /// <summary>--max-txn-ops: entries of a transaction's longest list (behaviour 80).</summary>
    public int MaxTxnOps { get; init; } = 128;

    /// <summary>--max-request-bytes: size of a logged request in bytes (behaviour 64).</summary>
    public int MaxRequestBytes { get; init; } = 1_572_864;

    /// <summary>--max-concurrent-streams on one connection (behaviour 344).</summary>
    public uint MaxConcurrentStreams { get; init; } = uint.MaxValue;

    /// <summary>--grpc-keepalive-min-time: shortest interval between a client's pings (behaviour 342).</summary>
    public TimeSpan KeepaliveMinTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>--grpc-keepalive-interval: silence after which the server pings (behaviour 343).</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromHours(2);

    /// <summary>--grpc-keepalive-timeout: wait for the answer to a ping.</summary>
    public TimeSpan KeepaliveTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>--watch-progress-notify-interval; values below 100 ms are raised (behaviour 143).</summary>
    public TimeSpan WatchProgressNotifyInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>--election-timeout: the beat at which streams that require a leader are checked (behaviour 156).</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long requests may go on after a stop was asked for before their connections are cut: the request timeout (behaviour 349).</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>--metrics=extensive: also histograms of handling times.</summary>
    public bool MetricsExtensive { get; init; }

    /// <summary>--warning-unary-request-duration: unary requests that take longer are logged; 0 turns it off.</summary>
    public TimeSpan WarningUnaryRequestDuration { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>--cors: origins that may read HTTP answers; <c>*</c> for all (behaviour 318).</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = ["*"];

    /// <summary>--host-whitelist: Host names accepted on plain HTTP; <c>*</c> for all (behaviour 319).</summary>
    public IReadOnlyList<string> HostWhitelist { get; init; } = ["*"];

    /// <summary>--client-cert-auth: whether the common name of a client's certificate is a user name (behaviour 230).</summary>
    public bool ClientCertAuth { get; init; }

    /// <summary>--audit-log: whether changes and denied calls are logged with who made them.</summary>
    public bool AuditLog { get; init; }

    /// <summary>--enable-grpc-gateway: whether the RPCs are served as JSON below /v3/ (behaviour 338).</summary>
    public bool EnableGrpcGateway { get; init; } = true;

    /// <summary>--grpc-reflection: whether the gRPC reflection service is served. It asks for no user.</summary>
    public bool EnableReflection { get; init; }

    /// <summary>The version that clients are told.</summary>
    public string ServerVersion { get; init; } = EtcdVersion.Server;

    /// <summary>The cluster version, null while it is not decided.</summary>
    public string? ClusterVersion { get; init; } = EtcdVersion.Cluster;

    public string StorageVersion { get; init; } = EtcdVersion.Storage;

    /// <summary>Largest message that gRPC accepts, in bytes.</summary>
    public int MaxReceiveBytes => MaxRequestBytes + ReceiveOverheadBytes;
}
