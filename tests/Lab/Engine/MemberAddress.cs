using System.Globalization;

namespace Krewe.Lab.Engine;

/// <summary>Where a member listens, and what it tells others.</summary>
/// <param name="Namespace">The network namespace that it runs in; null: the machine's.</param>
/// <param name="AdvertisedPeerUrl">Differs from the listening URL if a relay is in between.</param>
internal sealed record MemberAddress(string? Namespace, string ClientUrl, string PeerUrl, string AdvertisedPeerUrl)
{
    public static MemberAddress Loopback()
    {
        var ports = FreePort.Take(2);
        var peer = Url("127.0.0.1", ports[1]);
        return new MemberAddress(null, Url("127.0.0.1", ports[0]), peer, peer);
    }

    public static string Url(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}");
}
