using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Silo.Tls;

/// <summary>
/// The authorities of a CA file. As in Go each certificate of it is an anchor by itself: an intermediate authority counts even if its root is
/// not there, and a certificate that is itself in the file is trusted.
/// </summary>
internal sealed class TrustBundle
{
    private readonly HashSet<string> _known = [];

    private TrustBundle(X509Certificate2Collection authorities)
    {
        Authorities = authorities;
        foreach (var authority in authorities)
        {
            _known.Add(authority.GetCertHashString(HashAlgorithmName.SHA256));
        }
    }

    public X509Certificate2Collection Authorities { get; }

    public bool Contains(X509Certificate2 certificate) => _known.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256));

    /// <summary>Reads a PEM file. A file without any block is a bundle that trusts nobody. Throws <see cref="InvalidDataException"/>.</summary>
    public static TrustBundle Parse(byte[] file)
    {
        var authorities = new X509Certificate2Collection();
        foreach (var (_, content) in PemText.Blocks(file))
        {
            authorities.Add(ParseCertificate(content));
        }

        return new TrustBundle(authorities);
    }

    public static X509Certificate2 ParseCertificate(byte[] content)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(content);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException("x509: malformed certificate", e);
        }
    }
}
