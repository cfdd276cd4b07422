using System.Net;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Hosting;

namespace Krewe.Silo.Tests.Hosting;

public sealed class SiloEndpointsTests
{
    [Theory]
    [InlineData("http://localhost:2380", "127.0.0.1")]
    [InlineData("http://10.1.2.3:2380", "10.1.2.3")]
    [InlineData("https://[fd00::1]:2380", "fd00::1")]
    [InlineData("unix:///tmp/peer.sock", "127.0.0.1")]
    public void The_silo_is_advertised_at_the_peer_urls_host(string url, string expected)
    {
        Assert.True(EtcdUrl.TryParse(url, out var parsed, out _));
        Assert.Equal(IPAddress.Parse(expected), SiloEndpoints.AdvertisedAddress([parsed]));
    }

    [Fact]
    public void A_host_without_an_address_is_named()
    {
        Assert.True(EtcdUrl.TryParse("http://no-such-host.invalid:2380", out var parsed, out _));
        var refused = Assert.Throws<InvalidDataException>(() => SiloEndpoints.AdvertisedAddress([parsed]));
        Assert.Contains("no-such-host.invalid", refused.Message, StringComparison.Ordinal);
    }
}
