using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Names in certificates.</summary>
public sealed class SubjectNamesTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create();

    [Theory]
    [InlineData("CN=root", "root")]
    [InlineData("O=a, OU=b, CN=c", "c")]
    [InlineData("O=only", "")]
    [InlineData("CN=\"a,b\"", "a,b")]
    [InlineData("CN=größe", "größe")]
    public void The_common_name_is_read_as_it_is(string subject, string expected) => Assert.Equal(expected, CommonName(new X500DistinguishedName(subject)));

    [Fact]
    public void Of_several_common_names_the_last_counts()
    {
        var names = new X500DistinguishedNameBuilder();
        names.AddCommonName("first");
        names.AddCommonName("second");

        // The builder writes them in the reverse order.
        Assert.Equal("first", CommonName(names.Build()));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("a.wild.example", true)]
    [InlineData("a.b.wild.example", false)]
    [InlineData("wild.example", false)]
    [InlineData("common", false)]
    [InlineData("127.0.0.2", false)]
    [InlineData("not a name", false)]
    [InlineData("", false)]
    public void Only_alternative_names_count(string host, bool expected)
    {
        var certificate = Authority.Issue(new CertificateWish { CommonName = "common", DnsNames = ["localhost", "*.wild.example"] });

        Assert.Equal(expected, SubjectNames.IsValidFor(certificate.Certificate, host));
    }

    private static string CommonName(X500DistinguishedName subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        return SubjectNames.CommonNameOf(certificate);
    }
}
