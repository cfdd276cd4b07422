using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Krewe.Testing.Certificates;

namespace Krewe.Benchmarks.Servers;

/// <summary>Certificates of one run: an authority, a server's, a peer's and a client's; both servers get the same files. They go with the run.</summary>
internal sealed class ServerTls : IDisposable
{
    private readonly CertificateFolder _files = new();

    public ServerTls()
    {
        Client = _files.Connect(_files.Client);
        Client.TargetHost = "127.0.0.1";
        Client.ApplicationProtocols = [SslApplicationProtocol.Http2];
        Client.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

        // As etcd's client, which is Go's crypto/tls without a session cache: every connection makes a full handshake, and AES-128 comes first.
        Client.AllowTlsResume = false;
        Client.CipherSuitesPolicy = OperatingSystem.IsWindows() ? null : new CipherSuitesPolicy(
        [
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        ]);
    }

    /// <summary>How a client connects.</summary>
    public SslClientAuthenticationOptions Client { get; }

    /// <summary>What a server of the tests shows.</summary>
    public X509Certificate2 ServerCertificate => X509CertificateLoader.LoadPkcs12(
        X509Certificate2.CreateFromPemFile(_files.In("server.crt"), _files.In("server.key")).Export(X509ContentType.Pkcs12), null);

    /// <summary>etcd's flags for the client port and the peer port; both want certificates.</summary>
    public IReadOnlyList<string> Flags => [.. _files.ServerFlags, .. _files.PeerFlags];

    public void Dispose() => _files.Dispose();
}
