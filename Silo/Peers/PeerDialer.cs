using System.Buffers;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Peers;

/// <summary>Connects to members and shakes hands.</summary>
internal sealed partial class PeerDialer(IPeerBook book, LearntUrls urls, IPeerSecurity security, PeerLimits limits, Action<PeerRefusal> refused, ILogger logger)
{
    /// <summary>Tries the member's URLs in turn; throws <see cref="IOException"/> with the last reason if none works.</summary>
    public async Task<Stream> ConnectAsync(ulong memberId, PeerLaneKind lane, CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var url in urls.UrlsOf(memberId))
        {
            try
            {
                return await ConnectAsync(url, memberId, lane, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested
                && e is IOException or SocketException or OperationCanceledException or NotSupportedException or InvalidDataException)
            {
                last = e;
            }
        }

        throw new IOException(last is null ? $"no peer URL of member {memberId:x} is known" : last.Message, last);
    }

    private async Task<Stream> ConnectAsync(Uri url, ulong memberId, PeerLaneKind lane, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(limits.HandshakeTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.IdnHost, url.Port, limit.Token).ConfigureAwait(false);
            var stream = await security.AsClientAsync(new NetworkStream(socket, ownsSocket: true), url, limit.Token).ConfigureAwait(false);
            await GreetAsync(stream, memberId, lane, url, limit.Token).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(Stream stream, ulong memberId, PeerLaneKind lane, Uri url, CancellationToken cancellationToken)
    {
        var buffer = new byte[PeerHello.Bytes];
        new PeerHello(PeerHello.CurrentVersion, lane, book.ClusterId, book.MemberId, memberId).Write(buffer);
        await stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        await stream.ReadExactlyAsync(buffer.AsMemory(0, PeerWelcome.Bytes), cancellationToken).ConfigureAwait(false);
        if (!PeerWelcome.TryRead(buffer, out var welcome))
        {
            throw new InvalidDataException($"what listens at {url} is no member");
        }

        if (welcome.Refusal != PeerRefusal.None)
        {
            LogRefused(memberId, url, welcome.Refusal, welcome.ClusterId, welcome.MemberId);
            refused(welcome.Refusal);
            throw new IOException($"member {welcome.MemberId:x} at {url} refuses the connection: {welcome.Refusal}");
        }

        var first = new ArrayBufferWriter<byte>();
        PeerFrame.Write(first, PeerFrameKind.Urls, LearntUrls.Encode(book.OwnUrls));
        await stream.WriteAsync(first.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "peer {MemberId:x} at {Url} refuses the connection: {Refusal} (there: cluster {RemoteCluster:x}, member {RemoteMember:x})")]
    private partial void LogRefused(ulong memberId, Uri url, PeerRefusal refusal, ulong remoteCluster, ulong remoteMember);
}
