using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Testing.Certificates;

/// <summary>The files of one authority's certificates, for servers and tools; goes away with the test.</summary>
internal sealed class CertificateFolder : IDisposable
{
    public CertificateFolder(TestAuthority? authority = null)
    {
        Authority = authority ?? TestAuthority.Create("ca", KeyKind.Rsa);
        File.WriteAllText(In("ca.crt"), Authority.Pem);
        Client = Issue("client", new CertificateWish { CommonName = "client", ExtendedUsages = [CertificateWish.ClientAuth] });
        Issue("server", new CertificateWish { CommonName = "server" });
        Issue("peer", new CertificateWish { CommonName = "peer" });
    }

    public TestAuthority Authority { get; }

    /// <summary>A good certificate of a client.</summary>
    public TestCertificate Client { get; }

    public string Path { get; } = Directory.CreateTempSubdirectory("krewe-certificates-").FullName;

    public string CaFile => In("ca.crt");

    /// <summary>Flags for a client port that wants certificates.</summary>
    public string[] ServerFlags => [$"--cert-file={In("server.crt")}", $"--key-file={In("server.key")}", "--client-cert-auth", $"--trusted-ca-file={CaFile}"];

    /// <summary>Flags for a peer port that wants certificates.</summary>
    public string[] PeerFlags =>
    [
        $"--peer-cert-file={In("peer.crt")}", $"--peer-key-file={In("peer.key")}", "--peer-client-cert-auth", $"--peer-trusted-ca-file={CaFile}",
    ];

    /// <summary>Arguments with which etcdctl is a good client.</summary>
    public string[] EtcdctlFlags => [$"--cacert={CaFile}", $"--cert={In("client.crt")}", $"--key={In("client.key")}"];

    /// <summary>How a client with this certificate connects; null for one without.</summary>
    public SslClientAuthenticationOptions Connect(TestCertificate? certificate) => Connect(Authority.Pem, certificate);

    public static SslClientAuthenticationOptions Connect(string authorities, TestCertificate? certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorities);
        var options = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        if (certificate is not null)
        {
            var sent = new X509Certificate2Collection();
            sent.ImportFromPem(certificate.CertificatePem);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, sent, offline: true);
        }

        return options;
    }

    public TestCertificate Issue(string name, CertificateWish wish)
    {
        var issued = Authority.Issue(wish);
        issued.Write(Path, name);
        return issued;
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
