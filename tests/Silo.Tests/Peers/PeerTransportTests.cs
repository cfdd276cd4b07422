using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Krewe.Silo.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Peers;

public sealed class PeerTransportTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_waits_for_a_peer_that_reads_nothing_is_bounded()
    {
        const int FrameBytes = 100_000;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var urls = new ConcurrentDictionary<ulong, Uri> { [2] = new Uri($"http://{listener.LocalEndpoint}") };
        var limits = new PeerLimits { MaxQueuedBytes = 1 << 20 };
        await using var transport = new PeerTransport(
            new TestBook(7, 1, urls), new PlainPeerSecurity(), limits, TimeProvider.System, NullLogger<PeerTransport>.Instance);
        Assert.True(transport.Send(2, PeerFrameKind.ForwardRequest, new byte[FrameBytes]));
        using var peer = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var welcome = new byte[PeerWelcome.Bytes];
        new PeerWelcome(PeerHello.CurrentVersion, PeerRefusal.None, 7, 2).Write(welcome);
        await peer.SendAsync(welcome, TestContext.Current.CancellationToken);

        await PeerCluster.UntilAsync(() =>
        {
            transport.Send(2, PeerFrameKind.ForwardRequest, new byte[FrameBytes]);
            Assert.InRange(transport.QueuedFor(2).Bytes, 0, limits.MaxQueuedBytes);
            return transport.QueuedFor(2).Dropped > 0;
        });
    }
}
