using System.Security.Cryptography;
using System.Text;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Revocation lists: serial numbers, and nothing else.</summary>
public sealed class RevocationListTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("crl", KeyKind.Rsa);

    [Fact]
    public void Serial_numbers_of_the_list_are_revoked_in_either_format()
    {
        var revoked = Enumerable.Range(0, 20).Select(_ => Authority.Issue(new CertificateWish())).ToArray();
        var good = Authority.Issue(new CertificateWish());
        var list = Authority.Revoke(revoked);

        foreach (var file in new[] { list, Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", list)) })
        {
            var read = RevocationList.Parse(file);
            Assert.All(revoked, certificate => Assert.True(read.IsRevoked(certificate.Certificate)));
            Assert.False(read.IsRevoked(good.Certificate));
        }
    }

    [Fact]
    public void An_empty_list_revokes_nothing() =>
        Assert.False(RevocationList.Parse(Authority.Revoke()).IsRevoked(Authority.Issue(new CertificateWish()).Certificate));

    [Fact]
    public void What_is_no_list_is_refused_and_never_crashes()
    {
        Assert.Throws<InvalidDataException>(() => RevocationList.Parse([]));
        Assert.Throws<InvalidDataException>(() => RevocationList.Parse("no list"u8.ToArray()));
        var list = Authority.Revoke(Authority.Issue(new CertificateWish()));
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var broken = list[..random.Next(1, list.Length)];
            Assert.Throws<InvalidDataException>(() => RevocationList.Parse(broken));

            // What is wrong in the signature is not looked at.
            broken = [.. list];
            broken[random.Next(broken.Length)] ^= (byte)random.Next(1, 256);
            Assert.True(Record.Exception(() => RevocationList.Parse(broken)) is null or InvalidDataException);
        }
    }
}
