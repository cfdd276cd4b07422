using System.Security.Cryptography.X509Certificates;
using System.Text;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Who is trusted, by the rules of Go's standard library.</summary>
public sealed class ChainVerifierTests
{
    private static readonly TestAuthority Root = TestAuthority.Create();
    private static readonly TestAuthority Stranger = TestAuthority.Create();

    [Fact]
    public void Certificates_of_the_authority_are_good_whatever_their_key()
    {
        Good(Root.Issue(new CertificateWish()), Root);
        Good(Root.Issue(new CertificateWish { Key = KeyKind.Rsa }), Root);
        var rsa = TestAuthority.Create("rsa", KeyKind.Rsa);
        Good(rsa.Issue(new CertificateWish()), rsa);
    }

    [Fact]
    public void Intermediates_lead_to_the_root()
    {
        var issued = Root.Intermediate("one").Intermediate("two").Issue(new CertificateWish());

        Good(issued, Root);
        Bad("unknown authority", issued with { CertificatePem = issued.Certificate.ExportCertificatePem() }, Root);
    }

    [Fact]
    public void An_intermediate_in_the_file_is_an_anchor_without_its_root()
    {
        var middle = Root.Intermediate("middle");

        Good(middle.Issue(new CertificateWish()), middle);
        Good(middle.Intermediate("below").Issue(new CertificateWish()), middle);
        Bad("unknown authority", Root.Issue(new CertificateWish()), middle);
    }

    [Fact]
    public void A_certificate_that_is_in_the_file_itself_is_good()
    {
        var issued = Root.Issue(new CertificateWish());

        Assert.Null(Verify(issued, issued.Certificate.ExportCertificatePem()));
        Assert.NotNull(Verify(Stranger.Issue(new CertificateWish()), issued.Certificate.ExportCertificatePem()));
    }

    [Fact]
    public void Strangers_are_not_trusted_even_under_the_name_of_the_authority()
    {
        Bad("", Stranger.Issue(new CertificateWish()), Root);
        Bad("", Stranger.Intermediate("one").Issue(new CertificateWish()), Root);
        Assert.NotNull(Verify(Root.Issue(new CertificateWish()), ""));
    }

    [Fact]
    public void Two_authorities_of_one_name_both_count_as_while_one_is_replaced()
    {
        foreach (var bundle in new[] { Root.Pem + "\n" + Stranger.Pem, Stranger.Pem + "\n" + Root.Pem })
        {
            Assert.Null(Verify(Root.Issue(new CertificateWish()), bundle));
            Assert.Null(Verify(Stranger.Issue(new CertificateWish()), bundle));
        }
    }

    [Fact]
    public void Everything_on_the_path_must_be_valid_today()
    {
        var now = DateTimeOffset.UtcNow;

        Bad("NotTimeValid", Root.Issue(new CertificateWish { NotAfter = now.AddHours(-1) }), Root);
        Bad("NotTimeValid", Root.Issue(new CertificateWish { NotBefore = now.AddHours(1) }), Root);
        Bad("NotTimeValid", Root.Intermediate("old", now.AddHours(-1)).Issue(new CertificateWish()), Root);
        var issued = Root.Issue(new CertificateWish { NotAfter = now.AddHours(1) });
        Assert.Null(Verify(issued, Root.Pem));
        Assert.Contains("NotTimeValid", Verify(issued, Root.Pem, now: now.AddHours(2)), StringComparison.Ordinal);
        Assert.NotNull(Verify(Root.Issue(new CertificateWish { NotAfter = now.AddDays(300) }), Root.Pem, now: now.AddDays(40)));
    }

    [Theory]
    [InlineData(new[] { CertificateWish.ClientAuth }, true)]
    [InlineData(new[] { CertificateWish.ServerAuth }, false)]
    [InlineData(new[] { CertificateWish.ServerAuth, CertificateWish.ClientAuth }, true)]
    [InlineData(new[] { "2.5.29.37.0" }, true)]
    [InlineData(new[] { "1.3.6.1.5.5.7.3.3" }, false)]
    [InlineData(new string[0], true)]
    public void The_extended_key_usage_must_be_that_of_a_client(string[] usages, bool isGood)
    {
        Assert.Equal(isGood, Verify(Root.Issue(new CertificateWish { ExtendedUsages = usages }), Root.Pem) is null);

        // A usage that an intermediate is bound to binds what it issues.
        Assert.Equal(isGood, Verify(Root.Intermediate("bound", null, usages).Issue(new CertificateWish()), Root.Pem) is null);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyEncipherment)]
    [InlineData(X509KeyUsageFlags.DataEncipherment)]
    [InlineData(X509KeyUsageFlags.DigitalSignature)]
    public void The_plain_key_usage_of_a_leaf_does_not_count(X509KeyUsageFlags usage) =>
        Good(Root.Issue(new CertificateWish { KeyUsage = usage }), Root);

    private static void Good(TestCertificate certificate, TestAuthority authority) => Assert.Null(Verify(certificate, authority.Pem));

    private static void Bad(string expected, TestCertificate certificate, TestAuthority authority) =>
        Assert.Contains(expected, Verify(certificate, authority.Pem) ?? "(accepted)", StringComparison.Ordinal);

    private static string? Verify(TestCertificate certificate, string authorities, DateTimeOffset? now = null)
    {
        var pair = KeyPair.Parse(Encoding.ASCII.GetBytes(certificate.CertificatePem), Encoding.ASCII.GetBytes(certificate.KeyPem));
        return ChainVerifier.Verify(
            pair.Leaf, pair.Intermediates, TrustBundle.Parse(Encoding.ASCII.GetBytes(authorities)), ChainVerifier.ClientAuthOid, now ?? DateTimeOffset.UtcNow);
    }
}
