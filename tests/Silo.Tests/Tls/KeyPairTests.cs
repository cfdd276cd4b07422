using System.Security.Cryptography;
using System.Text;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;

namespace Krewe.Silo.Tests.Tls;

/// <summary>PEM files as Go takes them, and its words for those that it does not take.</summary>
public sealed class KeyPairTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create();
    private static readonly TestCertificate Ecdsa = Authority.Issue(new CertificateWish());
    private static readonly TestCertificate Rsa = Authority.Issue(new CertificateWish { Key = KeyKind.Rsa });

    [Fact]
    public void Keys_of_all_usual_forms_are_read()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Rsa.KeyPem);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(Ecdsa.KeyPem);

        Assert.True(Parse(Rsa.CertificatePem, Rsa.KeyPem).Leaf.HasPrivateKey);
        Assert.True(Parse(Rsa.CertificatePem, rsa.ExportRSAPrivateKeyPem()).Leaf.HasPrivateKey);
        Assert.True(Parse(Ecdsa.CertificatePem, Ecdsa.KeyPem).Leaf.HasPrivateKey);

        // As "openssl ecparam -genkey" writes it.
        var parameters = PemEncoding.WriteString("EC PARAMETERS", [6, 8, 42, 134, 72, 206, 61, 3, 1, 7]);
        Assert.True(Parse($"comment\n{Ecdsa.CertificatePem}", $"{parameters}\n{ecdsa.ExportECPrivateKeyPem()}").Leaf.HasPrivateKey);
    }

    [Fact]
    public void Certificates_behind_the_first_are_sent_along()
    {
        var issued = Authority.Intermediate("one").Intermediate("two").Issue(new CertificateWish { CommonName = "leaf" });

        var pair = Parse(issued.CertificatePem, issued.KeyPem);

        Assert.Equal("leaf", SubjectNames.CommonNameOf(pair.Leaf));
        Assert.Equal(["two", "one"], pair.Intermediates.Select(SubjectNames.CommonNameOf));
    }

    [Fact]
    public void What_is_no_pair_is_refused_in_the_words_of_Go()
    {
        Refused("tls: failed to find any PEM data in certificate input", "", Ecdsa.KeyPem);
        Refused("tls: failed to find any PEM data in key input", Ecdsa.CertificatePem, "nothing");
        Refused("tls: private key does not match public key", Ecdsa.CertificatePem, Authority.Issue(new CertificateWish()).KeyPem);
        Refused("PEM inputs may have been switched", Ecdsa.KeyPem, Ecdsa.CertificatePem);
        Refused("found a certificate rather than a key", Ecdsa.CertificatePem, Ecdsa.CertificatePem);
        Refused("tls: failed to parse private key", Ecdsa.CertificatePem, PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]));
        Refused("x509: malformed certificate", PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]), Ecdsa.KeyPem);
    }

    /// <summary>etcd takes them, .NET can't; the reason must be told at start.</summary>
    [Fact]
    public void Ed25519_keys_are_refused_with_the_reason()
    {
        const string Certificate = """
            -----BEGIN CERTIFICATE-----
            MIIBPTCB8KADAgECAhRhTiZTUurw+WjGRS/7HkElxOa/OzAFBgMrZXAwDDEKMAgG
            A1UEAwwBeDAeFw0yNjExMjQxNjE0MjFaFw0yNjEyMjQxNjE0MjFaMAwxCjAIBgNV
            BAMMAXgwKjAFBgMrZXADIQAtLKHBt+dKF5nkPyLOXarzzZN0rIr9CaThZy1Th70O
            eaNkMGIwHQYDVR0OBBYEFC/5C2kd4FtpkLoa6oaCjCCJ7V3LMB8GA1UdIwQYMBaA
            FC/5C2kd4FtpkLoa6oaCjCCJ7V3LMA8GA1UdEwEB/wQFMAMBAf8wDwYDVR0RBAgw
            BocEfwAAATAFBgMrZXADQQDdj6Fl9eEsFH1oVrfOTbmPJ8bSMoBgDRX1NnOxh4fl
            agKVPZI+Bk3v8qw7U3m/fAKNJlSqTxhrnv03llcoCjkF
            -----END CERTIFICATE-----
            """;
        Refused("Ed25519 key can't be krewe's own; use one with an ECDSA or RSA key", Certificate, Ecdsa.KeyPem);
    }

    [Fact]
    public void A_key_of_another_kind_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Parse(Ecdsa.CertificatePem, Rsa.KeyPem));

    private static void Refused(string expected, string certificate, string key) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Parse(certificate, key)).Message, StringComparison.Ordinal);

    private static KeyPair Parse(string certificate, string key) => KeyPair.Parse(Encoding.UTF8.GetBytes(certificate), Encoding.UTF8.GetBytes(key));
}
