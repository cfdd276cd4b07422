using System.Net.Security;

namespace Krewe.Silo.Tls;

/// <summary>
/// Keeps what the runtime prepares for a certificate until the certificate changes: preparing it for each connection would cost more than
/// the handshake.
/// </summary>
internal sealed class ContextCache
{
    private volatile Entry? _entry;

    /// <param name="pair">The certificate to show.</param>
    /// <param name="announced">Authorities that the other side is told about; null for none.</param>
    public SslStreamCertificateContext Get(KeyPair pair, TrustBundle? announced)
    {
        var entry = _entry;
        if (entry is null || !ReferenceEquals(entry.Pair, pair) || !ReferenceEquals(entry.Announced, announced))
        {
            var trust = announced is null || announced.Authorities.Count == 0
                ? null
                : SslCertificateTrust.CreateForX509Collection(announced.Authorities, sendTrustInHandshake: true);
            entry = new Entry(pair, announced, SslStreamCertificateContext.Create(pair.Leaf, pair.Intermediates, offline: true, trust));
            _entry = entry;
        }

        return entry.Context;
    }

    private sealed record Entry(KeyPair Pair, TrustBundle? Announced, SslStreamCertificateContext Context);
}
