using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Krewe.Raft.Core;
using Krewe.Silo.Peers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

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

    /// <summary>A member that restarted connects first: the others must not wait for their next attempt, which may be a second away.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_peer_that_connects_is_connected_to_at_once()
    {
        var clock = new FakeTimeProvider();
        var urls = new ConcurrentDictionary<ulong, Uri> { [2] = new Uri("http://127.0.0.1:1") };
        var limits = new PeerLimits();
        var receiver = new LossCounter();
        await using var transport = new PeerTransport(
            new TestBook(7, 1, urls), new PlainPeerSecurity(), limits, clock, NullLogger<PeerTransport>.Instance)
        { Receiver = receiver };

        // Nobody listens there yet, so the lane pauses, on a clock that stands still.
        transport.Greet(2);
        await PeerCluster.UntilAsync(() => receiver.Lost > 0);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        urls[2] = new Uri($"http://{listener.LocalEndpoint}");
        transport.Connected(2);
        await PeerCluster.UntilAsync(() =>
        {
            transport.Greet(2);
            return listener.Pending();
        });
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lane_survives_that_its_loss_cannot_be_reported()
    {
        var urls = new ConcurrentDictionary<ulong, Uri> { [2] = new Uri("http://127.0.0.1:1") };
        var receiver = new LossCounter { Fails = true };
        await using var transport = new PeerTransport(
            new TestBook(7, 1, urls), new PlainPeerSecurity(), new PeerLimits(), TimeProvider.System, NullLogger<PeerTransport>.Instance)
        { Receiver = receiver };
        await PeerCluster.UntilAsync(() =>
        {
            transport.Greet(2);
            return receiver.Lost >= 2;
        });
    }

    private sealed class LossCounter : IPeerReceiver
    {
        private int _lost;

        public bool Fails { get; init; }

        public int Lost => Volatile.Read(ref _lost);

        public void Receive(in Message message)
        {
        }

        public void Receive(ulong from, PeerFrameKind kind, ReadOnlyMemory<byte> payload)
        {
        }

        public void Unreachable(ulong memberId)
        {
            Interlocked.Increment(ref _lost);
            if (Fails)
            {
                throw new InvalidOperationException("broken");
            }
        }
    }
}
