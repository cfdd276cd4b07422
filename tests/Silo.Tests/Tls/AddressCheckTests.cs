using System.Net;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;

namespace Krewe.Silo.Tests.Tls;

/// <summary>A peer's address against the names in its certificate, as etcd compares them.</summary>
public sealed class AddressCheckTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create();
    private readonly FakeHostNames _hosts = new();

    [Theory]
    [InlineData("", "", "10.0.0.1", true)]
    [InlineData("", "10.0.0.1", "10.0.0.1", true)]
    [InlineData("", "10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("", "10.0.0.1,10.0.0.2", "10.0.0.2", true)]
    [InlineData("", "10.0.0.1", "10.0.0.9", false)]
    [InlineData("known.example", "10.0.0.1", "10.0.0.9", true)]
    [InlineData("other.example", "10.0.0.1", "10.0.0.9", false)]
    [InlineData("reverse.example", "", "10.0.0.9", true)]
    [InlineData("*.example", "", "10.0.0.9", true)]
    [InlineData("*.other", "", "10.0.0.9", false)]
    [InlineData("known.example", "", "10.0.0.8", false)]
    public async Task An_address_must_be_in_the_certificate_or_belong_to_a_name_in_it(string names, string addresses, string remote, bool isGood)
    {
        _hosts.Names["10.0.0.9"] = ["reverse.example"];
        _hosts.Addresses["known.example"] = ["10.0.0.7", "10.0.0.9"];
        var certificate = Authority.Issue(new CertificateWish { DnsNames = Split(names), Addresses = Split(addresses) });

        var error = await AddressCheck.CheckAsync(certificate.Certificate, IPAddress.Parse(remote), _hosts, TestContext.Current.CancellationToken);

        Assert.Equal(isGood, error is null);
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
