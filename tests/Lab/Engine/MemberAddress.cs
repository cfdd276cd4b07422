using System.Globalization;

namespace Krewe.Lab.Engine;

/// <summary>Where a member listens, and what it tells others.</summary>
/// <param name="Namespace">The network namespace that it runs in; null: the machine's.</param>
/// <param name="AdvertisedPeerUrl">Differs from the listening URL if a relay is in between.</param>
/// <param name="HasOwnClock">Whether its wall clock can be moved. Works for programs that ask libc for the time, which Go's do not.</param>
/// <param name="Tls">How clients connect; null without TLS.</param>
internal sealed record MemberAddress(
    string? Namespace, string ClientUrl, string PeerUrl, string AdvertisedPeerUrl, LabTls? Tls = null, bool HasOwnClock = false)
{
    public static MemberAddress Loopback()
    {
        var ports = FreePort.Take(2);
        var peer = Url("127.0.0.1", ports[1]);
        return new MemberAddress(null, Url("127.0.0.1", ports[0]), peer, peer);
    }

    /// <summary>With https URLs; members know each other by this host of the loopback address.</summary>
    public static MemberAddress LoopbackTls(LabTls tls, string peerHost)
    {
        var ports = FreePort.Take(2);
        return new MemberAddress(
            null, Url("127.0.0.1", ports[0], "https"), Url("127.0.0.1", ports[1], "https"), Url(peerHost, ports[1], "https"), tls);
    }

    public static string Url(string host, int port, string scheme = "http") =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}");
}
