namespace Krewe.Silo.Configuration.Options;

/// <summary>Everything a member is started with. Made by the command line parser, checked, and never changed afterwards.</summary>
public sealed record ServerOptions
{
    /// <summary><c>--name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where data lies and how much of it there may be.</summary>
    public required StorageOptions Storage { get; init; }

    /// <summary>Raft's clock.</summary>
    public required RaftTimingOptions RaftTiming { get; init; }

    /// <summary>When Raft snapshots are taken.</summary>
    public required RaftSnapshotOptions RaftSnapshot { get; init; }

    /// <summary>What the member listens on.</summary>
    public required ListenOptions Listen { get; init; }

    /// <summary>TLS of all ports.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>Who the members are.</summary>
    public required ClusterOptions Cluster { get; init; }

    /// <summary>What a client may ask for.</summary>
    public required RequestLimitOptions RequestLimits { get; init; }

    /// <summary>HTTP/2 pings on client connections.</summary>
    public required KeepAliveOptions KeepAlive { get; init; }

    /// <summary>Automatic compaction, and the steps of every compaction.</summary>
    public required CompactionOptions Compaction { get; init; }

    /// <summary>Watches.</summary>
    public required WatchOptions Watch { get; init; }

    /// <summary>Passwords and tokens.</summary>
    public required AuthOptions Auth { get; init; }

    /// <summary>Logs.</summary>
    public required LoggingOptions Logging { get; init; }

    /// <summary>How much <c>/metrics</c> shows.</summary>
    public required MetricsDetail Metrics { get; init; }

    /// <summary>Ports and prefixes of the Orleans silo.</summary>
    public required GrainOptions Grains { get; init; }

    /// <summary>Feature gate <c>LeaseCheckpoint</c>: whether remaining times of leases are replicated (behaviour 179).</summary>
    public bool LeaseCheckpoints { get; init; }

    /// <summary><c>--enable-grpc-gateway</c>: whether the RPCs are served as JSON below <c>/v3/</c>.</summary>
    public required bool EnableGrpcGateway { get; init; }

    /// <summary><c>--grpc-reflection</c>: whether the client port tells what it serves.</summary>
    public bool GrpcReflection { get; init; }

    /// <summary>Reflection is answered before a user is known, so that strangers must not reach it.</summary>
    public string? ValidateReflection() =>
        GrpcReflection && Listen.ClientUrls.Any(url => !url.IsUnixSocket && !url.IsLoopback && !(url.IsTls && Tls.Client.RequiresClientCertificate))
            ? "--grpc-reflection needs --client-cert-auth and https for client URLs that are not on loopback"
            : null;
}
