using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Tls;

/// <summary>TLS of a member's ports.</summary>
internal sealed class MemberTls
{
    private MemberTls(PortTls client, PortTls peer, TlsLog log) => (Client, Peer, Log) = (client, peer, log);

    /// <summary>The client port and https metrics URLs.</summary>
    public PortTls Client { get; }

    /// <summary>The peer port and the ports of the silo, in both directions.</summary>
    public PortTls Peer { get; }

    public TlsLog Log { get; }

    /// <summary>Makes the certificates that are to be generated, and reads all files. Throws <see cref="InvalidDataException"/>.</summary>
    public static MemberTls Open(ServerOptions options, TimeProvider time)
    {
        var log = new TlsLog();
        var tls = options.Tls;
        var client = Generate(options, tls.Client, "client", options.Listen.ClientUrls, time);
        var peer = Generate(options, tls.Peer, "peer", options.Listen.PeerUrls, time);

        // etcd reads the files of a port only where that port uses TLS.
        var usesClient = options.Listen.ClientUrls.Concat(options.Listen.MetricsUrls).Any(url => url.IsTls);
        return new MemberTls(
            new PortTls("client", usesClient ? client : new PortTlsOptions(), tls, log, time),
            new PortTls("peer", peer, tls, log, time) { ServerName = ServerName(options) },
            log);
    }

    /// <summary>Without an authority of one's own, peers that DNS names are checked by the domain that named them, as in etcd.</summary>
    private static string ServerName(ServerOptions options) => options.Tls.Peer.TrustedCaFile.Length == 0 ? options.Cluster.DiscoverySrv : "";

    /// <summary>
    /// Unlike etcd this keeps what was asked for beside the generated certificate: who wants certificates of clients gets no port that is
    /// open to everybody.
    /// </summary>
    private static PortTlsOptions Generate(
        ServerOptions options, PortTlsOptions port, string name, IEnumerable<EtcdUrl> urls, TimeProvider time)
    {
        if (!port.AutoTls || !port.HasNoFiles)
        {
            return port with { AutoTls = false };
        }

        try
        {
            var (certFile, keyFile) = SelfSignedCertificate.Ensure(
                Path.Combine(options.Storage.DataDirectory, "fixtures", name),
                urls.Where(url => !url.IsUnixSocket).Select(url => url.Host),
                options.Tls.SelfSignedCertValidityYears,
                time);
            return port with { CertFile = certFile, KeyFile = keyFile, ClientCertFile = certFile, ClientKeyFile = keyFile };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"cannot create the certificate of the {name} port: {e.Message}", e);
        }
    }
}
