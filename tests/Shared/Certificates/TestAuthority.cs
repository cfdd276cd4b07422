using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Testing.Certificates;

/// <summary>A certificate authority for tests, a root or one that another signs.</summary>
internal sealed class TestAuthority
{
    private readonly X509Certificate2 _certificate;
    private readonly string _chainPem;

    private TestAuthority(X509Certificate2 certificate, string chainPem)
    {
        _certificate = certificate;
        _chainPem = chainPem;
    }

    public string Pem => _certificate.ExportCertificatePem();

    public static TestAuthority Create(string name = "test-ca", KeyKind key = KeyKind.Ecdsa)
    {
        using var own = NewKey(key);
        var request = Request($"CN={name}", own);
        AddAuthorityExtensions(request, []);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
        return new TestAuthority(certificate, "");
    }

    /// <summary>An authority below this one; what it issues brings its certificate along.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="notAfter">End of validity; null for a day from now.</param>
    /// <param name="extendedUsages">Extended key usages that it is bound to.</param>
    public TestAuthority Intermediate(string name, DateTimeOffset? notAfter = null, params string[] extendedUsages)
    {
        using var own = NewKey(KeyKind.Ecdsa);
        var request = Request($"CN={name}", own);
        AddAuthorityExtensions(request, extendedUsages);
        using var signed = Sign(request, DateTimeOffset.UtcNow.AddDays(-2), notAfter ?? DateTimeOffset.UtcNow.AddDays(1));
        return new TestAuthority(WithKey(signed, own), signed.ExportCertificatePem() + "\n" + _chainPem);
    }

    public TestCertificate Issue(CertificateWish wish)
    {
        using var own = NewKey(wish.Key);
        var request = Request(wish.CommonName.Length == 0 ? "O=test" : $"O=test,CN={wish.CommonName}", own);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(wish.KeyUsage, true));
        if (wish.ExtendedUsages.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. wish.ExtendedUsages.Select(oid => new Oid(oid))], false));
        }

        if (wish.DnsNames.Count + wish.Addresses.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            wish.DnsNames.ToList().ForEach(names.AddDnsName);
            wish.Addresses.ToList().ForEach(address => names.AddIpAddress(IPAddress.Parse(address)));
            request.CertificateExtensions.Add(names.Build());
        }

        using var signed = Sign(request, wish.NotBefore, wish.NotAfter);
        var key = own is RSA rsa ? rsa.ExportPkcs8PrivateKeyPem() : ((ECDsa)own).ExportPkcs8PrivateKeyPem();
        return new TestCertificate(WithKey(signed, own), signed.ExportCertificatePem() + "\n" + _chainPem, key);
    }

    /// <summary>A revocation list in DER.</summary>
    public byte[] Revoke(params TestCertificate[] certificates)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in certificates)
        {
            list.AddEntry(certificate.Certificate);
        }

        return list.Build(_certificate, BigInteger.One, DateTimeOffset.UtcNow.AddDays(10), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static AsymmetricAlgorithm NewKey(KeyKind kind) =>
        kind == KeyKind.Rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key)
    {
        var name = new X500DistinguishedName(subject);
        return key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
    }

    private static void AddAuthorityExtensions(CertificateRequest request, string[] extendedUsages)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (extendedUsages.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. extendedUsages.Select(oid => new Oid(oid))], false));
        }
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, AsymmetricAlgorithm key) =>
        key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] &= 0x7f;
        using var rsa = _certificate.GetRSAPrivateKey();
        using var ecdsa = _certificate.GetECDsaPrivateKey();
        var generator = rsa is not null
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa(ecdsa!);

        // The overload that takes the issuer's certificate refuses to sign beyond its own validity, which some cases want.
        return request.Create(_certificate.SubjectName, generator, notBefore, notAfter, serial);
    }
}
