using System.Security.Authentication;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Configuration.Options;

/// <summary>TLS of all ports.</summary>
public sealed record TlsOptions
{
    private const string Tls12 = "TLS1.2";

    private const string Tls13 = "TLS1.3";

    /// <summary>Certificates of the client port and of https metrics URLs (behaviour 317).</summary>
    public PortTlsOptions Client { get; init; } = new();

    /// <summary>Certificates of the peer port and of the ports of the silo.</summary>
    public PortTlsOptions Peer { get; init; } = new();

    /// <summary><c>--cipher-suites</c>; empty for the runtime's choice.</summary>
    public IReadOnlyList<string> CipherSuites { get; init; } = [];

    /// <summary><c>--tls-min-version</c>: TLS1.2 or TLS1.3; empty for the default, TLS 1.2 (behaviour 345).</summary>
    public string MinVersion { get; init; } = "";

    /// <summary><c>--tls-max-version</c>; empty for the newest.</summary>
    public string MaxVersion { get; init; } = "";

    /// <summary><c>--self-signed-cert-validity</c>, in years.</summary>
    public uint SelfSignedCertValidityYears { get; init; } = 1;

    /// <summary>The protocol versions between the two bounds.</summary>
    public SslProtocols Protocols =>
        (MinVersion == Tls13 ? SslProtocols.None : SslProtocols.Tls12) | (MaxVersion == Tls12 ? SslProtocols.None : SslProtocols.Tls13);

    /// <summary>What is wrong with these options for these listeners, or null; etcd's texts.</summary>
    public string? Validate(ListenOptions listen) =>
        ValidateVersions() ?? ValidateValidity() ?? ValidateClient(listen) ?? ValidatePeer(listen);

    /// <summary>What an operator may have meant otherwise.</summary>
    public IEnumerable<string> Warnings(ListenOptions listen, ClusterOptions cluster) =>
        Ignored(Client, listen.ClientUrls, "", "client-url").Concat(Ignored(Peer, listen.PeerUrls, "peer-", "peer-url"))
            .Concat(AutoIgnored(Client, "client")).Concat(AutoIgnored(Peer, "peer")).Concat(Open(cluster));

    private string? ValidateVersions()
    {
        if (MinVersion == Tls13 && MaxVersion == Tls12)
        {
            return $"min version ({MinVersion}) is greater than max version ({MaxVersion})";
        }

        if (MinVersion == Tls13 && CipherSuites.Count > 0)
        {
            return "cipher suites cannot be configured when only TLS1.3 is enabled";
        }

        return CipherSuites.FirstOrDefault(name => !CipherSuiteNames.TryFind(name, out _)) is { } unknown
            ? $"unexpected TLS cipher suite \"{unknown}\""
            : null;
    }

    private string? ValidateValidity() => SelfSignedCertValidityYears == 0 && ((Client.AutoTls && Client.HasNoFiles) || (Peer.AutoTls && Peer.HasNoFiles))
        ? "selfSignedCertValidity is invalid,it should be greater than 0"
        : null;

    private string? ValidateClient(ListenOptions listen)
    {
        if (!Client.CanListen)
        {
            return listen.ClientUrls.FirstOrDefault(url => url.IsTls) is { } url
                ? $"TLS key/cert (--cert-file, --key-file) must be provided for client url {url} with HTTPS scheme"
                : listen.MetricsUrls.Any(u => u.IsTls)
                    ? "client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url"
                    : null;
        }

        return listen.ClientUrls.Concat(listen.MetricsUrls).Any(url => url.IsTls) ? Client.Validate() : null;
    }

    private string? ValidatePeer(ListenOptions listen)
    {
        if (!Peer.CanListen)
        {
            return listen.PeerUrls.FirstOrDefault(url => url.IsTls) is { } url
                ? $"cannot listen on TLS for {url.Authority}: KeyFile and CertFile are not presented"
                : null;
        }

        // Connections to other members use them even where this member listens without TLS.
        return Peer.Validate();
    }

    private static IEnumerable<string> Ignored(PortTlsOptions tls, IEnumerable<EtcdUrl> urls, string prefix, string what)
    {
        foreach (var url in urls.Where(url => !url.IsTls))
        {
            if (!tls.HasNoFiles)
            {
                yield return $"scheme is HTTP while key and cert files are present; ignoring key and cert files ({what} {url})";
            }

            if (tls.ClientCertAuth)
            {
                yield return $"scheme is HTTP while --{prefix}client-cert-auth is enabled; ignoring client cert auth for this URL ({what} {url})";
            }
        }
    }

    /// <summary>The silo and its gateway port listen where the peer port does, and run whatever they are sent.</summary>
    private IEnumerable<string> Open(ClusterOptions cluster)
    {
        if (Peer.HasNoFiles && cluster.AdvertisePeerUrls.Any(url => !url.IsUnixSocket && !url.IsLoopback))
        {
            yield return "peers are not told apart from strangers: whoever reaches the peer port, the silo port or the gateway port controls this cluster; "
                + "set --peer-cert-file, --peer-key-file and --peer-trusted-ca-file";
        }
    }

    private static IEnumerable<string> AutoIgnored(PortTlsOptions tls, string port)
    {
        if (tls.AutoTls && !tls.HasNoFiles)
        {
            yield return $"ignoring {port} auto TLS since certs given";
        }
    }
}
