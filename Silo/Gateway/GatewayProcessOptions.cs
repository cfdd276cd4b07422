using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Gateway;

/// <summary>What a gateway is started with; the flags' names are those of <c>etcd grpc-proxy start</c>.</summary>
internal sealed record GatewayProcessOptions
{
    /// <summary><c>--endpoints</c>: client URLs of members; at least one. They are asked where the silos are.</summary>
    public required IReadOnlyList<EtcdUrl> Endpoints { get; init; }

    /// <summary><c>--listen-addr</c>: where clients are served.</summary>
    public required EtcdUrl Listen { get; init; }

    /// <summary><c>--metrics-addr</c>: a second listener for /metrics and the health paths, or null.</summary>
    public EtcdUrl? Metrics { get; init; }
}
