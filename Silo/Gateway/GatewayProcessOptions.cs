using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Gateway;

/// <summary>What a gateway is started with; the flags' names are those of <c>etcd grpc-proxy start</c>, and those of a member.</summary>
internal sealed record GatewayProcessOptions
{
    /// <summary><c>--endpoints</c>: client URLs of members; at least one. They are asked where the silos are.</summary>
    public required IReadOnlyList<EtcdUrl> Endpoints { get; init; }

    /// <summary><c>--cert</c>, <c>--key</c> and <c>--cacert</c>: for connections to the endpoints.</summary>
    public required PortTlsOptions EndpointTls { get; init; }

    /// <summary><c>--user</c>: name and password for asking the endpoints where the silos are while authentication is enabled; empty for none.</summary>
    public required string User { get; init; }

    /// <summary>
    /// The member's options that a gateway has too: listeners (<c>--listen-addr</c>, <c>--metrics-addr</c>), their certificates, those of the silos'
    /// ports (<c>--peer-cert-file</c> …), limits, logs.
    /// </summary>
    public required ServerOptions Server { get; init; }
}
