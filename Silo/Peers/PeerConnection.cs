using System.Net.Sockets;
using Krewe.Raft.Core;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Peers;

/// <summary>Serves one incoming connection: tells members from HTTP by the first bytes, shakes hands, and reads frames.</summary>
internal sealed partial class PeerConnection(
    PeerTransport transport, IPeerBook book, IPeerSecurity security, PeerRoutes routes, PeerLimits limits, ILogger logger)
{
    private const int ReadBufferBytes = 64 << 10;

    public async Task ServeAsync(Socket socket, Uri url, CancellationToken stopping)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        PeerHello hello;
        Stream stream;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping))
        {
            limit.CancelAfter(limits.HandshakeTimeout);
            stream = await security.AsServerAsync(new NetworkStream(socket), url, limit.Token).ConfigureAwait(false);
            var buffer = new byte[Math.Max(limits.MaxHttpHeadBytes, PeerHello.Bytes)];
            await stream.ReadExactlyAsync(buffer.AsMemory(0, PeerHello.Magic.Length), limit.Token).ConfigureAwait(false);
            if (!buffer.AsSpan().StartsWith(PeerHello.Magic))
            {
                await routes.ServeAsync(stream, buffer, PeerHello.Magic.Length, limit.Token).ConfigureAwait(false);
                return;
            }

            await stream.ReadExactlyAsync(buffer.AsMemory(PeerHello.Magic.Length, PeerHello.Bytes - PeerHello.Magic.Length), limit.Token)
                .ConfigureAwait(false);
            if (!PeerHello.TryRead(buffer, out hello) || !await AnswerAsync(stream, hello, limit.Token).ConfigureAwait(false))
            {
                return;
            }
        }

        transport.Connected(hello.From);
        if (hello.Lane == PeerLaneKind.Snapshot)
        {
            await transport.Snapshots!.ServeAsync(stream, hello.From, stopping).ConfigureAwait(false);
            return;
        }

        await ReadAsync(new BufferedStream(stream, ReadBufferBytes), hello.From, stopping).ConfigureAwait(false);
    }

    private async Task<bool> AnswerAsync(Stream stream, PeerHello hello, CancellationToken cancellationToken)
    {
        var refusal = Judge(hello);
        var answer = new byte[PeerWelcome.Bytes];
        new PeerWelcome(PeerHello.CurrentVersion, refusal, book.ClusterId, book.MemberId).Write(answer);
        await stream.WriteAsync(answer, cancellationToken).ConfigureAwait(false);
        if (refusal == PeerRefusal.None)
        {
            return true;
        }

        LogRefused(hello.From, refusal, hello.ClusterId, hello.To, hello.Version);
        return false;
    }

    private PeerRefusal Judge(PeerHello hello)
    {
        if (hello.Version != PeerHello.CurrentVersion || !IsServed(hello.Lane))
        {
            return PeerRefusal.UnsupportedVersion;
        }

        if (hello.ClusterId != book.ClusterId)
        {
            return PeerRefusal.ClusterIdMismatch;
        }

        if (hello.To != book.MemberId)
        {
            return PeerRefusal.WrongTarget;
        }

        return book.StandingOf(hello.From) switch
        {
            PeerStanding.Removed => PeerRefusal.RemovedMember,
            PeerStanding.Member => PeerRefusal.None,
            _ => PeerRefusal.UnknownMember,
        };
    }

    private bool IsServed(PeerLaneKind lane) =>
        lane is PeerLaneKind.Urgent or PeerLaneKind.Bulk || (lane == PeerLaneKind.Snapshot && transport.Snapshots is not null);

    private async Task ReadAsync(Stream stream, ulong from, CancellationToken stopping)
    {
        var head = new byte[8];
        while (true)
        {
            var (kind, payload) = await PeerFrame.ReadAsync(stream, head, limits.MaxFrameBytes, stopping).ConfigureAwait(false);
            transport.Heard(from);
            if (kind == PeerFrameKind.Urls)
            {
                transport.Urls.Learn(from, payload.Span);
            }
            else if (kind != PeerFrameKind.Raft)
            {
                transport.Receiver?.Receive(from, kind, payload);
            }
            else if (MessageCodec.TryDecode(payload, out var message) && message.From == from && message.To == book.MemberId)
            {
                transport.Receiver?.Receive(message);
            }
            else
            {
                throw new InvalidDataException($"member {from:x} sent a malformed message");
            }

            if (book.StandingOf(from) != PeerStanding.Member)
            {
                return;
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "refused a connection of peer {From:x}: {Refusal} (it says: cluster {Cluster:x}, to member {To:x}, protocol {Version})")]
    private partial void LogRefused(ulong from, PeerRefusal refusal, ulong cluster, ulong to, byte version);
}
