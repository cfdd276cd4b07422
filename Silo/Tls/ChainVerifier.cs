using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Silo.Tls;

/// <summary>
/// Judges a certificate by the rules of Go's <c>x509.Certificate.Verify</c>, which are etcd's: a path of valid signatures up to any
/// certificate of the CA file, everything on it valid today, and no certificate on it whose extended key usages leave out the wanted one.
/// Paths and signatures are the platform's to find and check; nothing is downloaded.
/// </summary>
internal static class ChainVerifier
{
    public const string ServerAuthOid = "1.3.6.1.5.5.7.3.1";

    public const string ClientAuthOid = "1.3.6.1.5.5.7.3.2";

    private const string AnyUsageOid = "2.5.29.37.0";

    /// <summary>Authorities that are tried one by one if all together give no good path.</summary>
    private const int MaxSeparateAuthorities = 32;

    // Statuses that only tell how the path ends, which is for Judge to say, and those of checks that are not made.
    private const X509ChainStatusFlags EndOfPath = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot
        | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    private static readonly HashSet<string> BrokenSignatures =
    [
        "1.2.840.113549.1.1.2", // MD2
        "1.2.840.113549.1.1.4", // MD5
        "1.2.840.113549.1.1.5", // SHA-1 with RSA
        "1.2.840.10045.4.1", // SHA-1 with ECDSA
    ];

    /// <summary>Null if the certificate is good, else what is wrong with it.</summary>
    /// <param name="leaf">The certificate.</param>
    /// <param name="intermediates">What the other side sent along.</param>
    /// <param name="bundle">Whom to trust; null for the operating system's authorities.</param>
    /// <param name="usageOid">What the certificate must be good for.</param>
    /// <param name="now">The time to judge by.</param>
    public static string? Verify(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, TrustBundle? bundle, string usageOid, DateTimeOffset now)
    {
        if (bundle is null)
        {
            return VerifyOnce(leaf, intermediates, null, null, usageOid, now);
        }

        var error = VerifyOnce(leaf, intermediates, bundle, bundle.Authorities, usageOid, now);
        if (error is not null && bundle.Authorities.Count is > 1 and <= MaxSeparateAuthorities)
        {
            // The platform follows one path only; two authorities of the same name, as while one is replaced, may lead it astray.
            foreach (var authority in bundle.Authorities)
            {
                if (VerifyOnce(leaf, intermediates, bundle, [authority], usageOid, now) is null)
                {
                    return null;
                }
            }
        }

        return error;
    }

    private static string? VerifyOnce(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, TrustBundle? bundle, X509Certificate2Collection? anchors, string usageOid, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ExtraStore.AddRange(intermediates);
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(anchors);
            policy.ExtraStore.AddRange(anchors);
        }

        try
        {
            chain.Build(leaf);
            return Judge(chain, bundle, usageOid);
        }
        catch (CryptographicException e)
        {
            return $"x509: {e.Message}";
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static string? Judge(X509Chain chain, TrustBundle? bundle, string usageOid)
    {
        var length = 0;
        foreach (var element in chain.ChainElements)
        {
            length++;
            foreach (var status in element.ChainElementStatus)
            {
                if ((status.Status & ~EndOfPath) != 0)
                {
                    return $"x509: {status.Status}: {element.Certificate.Subject}";
                }
            }

            if (!AllowsUsage(element.Certificate, usageOid))
            {
                return "x509: certificate specifies an incompatible key usage";
            }

            if (bundle?.Contains(element.Certificate) == true)
            {
                return null;
            }

            if (BrokenSignatures.Contains(element.Certificate.SignatureAlgorithm.Value ?? "") && length < chain.ChainElements.Count)
            {
                return $"x509: certificate relies on an insecure signature algorithm: {element.Certificate.SignatureAlgorithm.FriendlyName}";
            }
        }

        return bundle is null && Array.TrueForAll(chain.ChainStatus, s => s.Status == X509ChainStatusFlags.NoError)
            ? null
            : "x509: certificate signed by unknown authority";
    }

    private static bool AllowsUsage(X509Certificate2 certificate, string usageOid)
    {
        var extension = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (extension is null || extension.EnhancedKeyUsages.Count == 0)
        {
            return true;
        }

        foreach (var usage in extension.EnhancedKeyUsages)
        {
            if (usage.Value == usageOid || usage.Value == AnyUsageOid)
            {
                return true;
            }
        }

        return false;
    }
}
