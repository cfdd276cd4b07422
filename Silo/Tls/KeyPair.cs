using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Krewe.Silo.Tls;

/// <summary>A certificate with its key, and the intermediates to send along.</summary>
internal sealed record KeyPair(X509Certificate2 Leaf, X509Certificate2Collection Intermediates)
{
    private const string Ed25519 = "1.3.101.112";

    /// <summary>Reads PEM files; throws <see cref="InvalidDataException"/> with Go's texts, which etcd shows.</summary>
    public static KeyPair Parse(byte[] certificateFile, byte[] keyFile)
    {
        var certificates = Certificates(certificateFile);
        var keys = PemText.Blocks(keyFile);
        if (!keys.Any(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)))
        {
            throw new InvalidDataException(keys.Count == 0
                ? "tls: failed to find any PEM data in key input"
                : keys[0].Label == PemText.Certificate
                    ? "tls: found a certificate rather than a key in the PEM for the private key"
                    : $"tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: [{string.Join(' ', keys.Select(k => k.Label))}]");
        }

        if (certificates[0].GetKeyAlgorithm() == Ed25519)
        {
            // Go takes them; .NET knows no such private keys.
            throw new InvalidDataException("tls: a certificate with an Ed25519 key can't be krewe's own; use one with an ECDSA or RSA key");
        }

        try
        {
            var key = Encoding.Latin1.GetString(keyFile);
            var leaf = X509Certificate2.CreateFromPem(PemEncoding.WriteString(PemText.Certificate, certificates[0].RawData), key);
            certificates.RemoveAt(0);
            return new KeyPair(leaf, certificates);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("tls: private key does not match public key", e);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"tls: failed to parse private key: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Certificates(byte[] file)
    {
        var blocks = PemText.Blocks(file);
        var found = new X509Certificate2Collection();
        foreach (var (_, content) in blocks.Where(block => block.Label == PemText.Certificate))
        {
            found.Add(TrustBundle.ParseCertificate(content));
        }

        if (found.Count > 0)
        {
            return found;
        }

        throw new InvalidDataException(blocks.Count == 0
            ? "tls: failed to find any PEM data in certificate input"
            : blocks[0].Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)
                ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
                : $"tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [{string.Join(' ', blocks.Select(b => b.Label))}]");
    }
}
