using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Faults;

/// <summary>A relay that changes nothing would make the scenarios of slow links prove nothing.</summary>
public sealed class PeerRelayTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_delays_what_passes()
    {
        var delay = TimeSpan.FromMilliseconds(120);
        var clock = await EchoAsync(relay => relay.Delay = delay);
        // Once there and once back; the timer may be a millisecond early.
        Assert.True(clock >= (2 * delay) - TimeSpan.FromMilliseconds(5), $"{clock}");
    }

    [Fact]
    public async Task It_stalls_what_is_lost() =>
        // Every chunk is lost: it either waits for a retransmission or breaks the connection.
        Assert.True(await EchoAsync(relay => relay.Loss = 1) >= TimeSpan.FromMilliseconds(195));

    private static async Task<TimeSpan> EchoAsync(Action<PeerRelay> worsen)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = MemberAddress.Url("127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port);
        await using var relay = new PeerRelay(new MemberAddress(null, url, url, url), seed: 3);
        worsen(relay);
        var peer = new Uri(relay.Address.AdvertisedPeerUrl);
        using var client = new TcpClient();
        await client.ConnectAsync(peer.Host, peer.Port, limit.Token);
        using var accepted = await server.AcceptTcpClientAsync(limit.Token);
        var buffer = new byte[1];
        var startedAt = Stopwatch.GetTimestamp();
        await client.GetStream().WriteAsync(buffer, limit.Token);
        await accepted.GetStream().ReadExactlyAsync(buffer, limit.Token);
        await accepted.GetStream().WriteAsync(buffer, limit.Token);
        await client.GetStream().ReadExactlyAsync(buffer, limit.Token);
        return Stopwatch.GetElapsedTime(startedAt);
    }
}
