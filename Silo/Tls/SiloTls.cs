using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Krewe.Silo.Peers;
using Microsoft.AspNetCore.Connections;

namespace Krewe.Silo.Tls;

/// <summary>
/// Mutual TLS between silos, and between Orleans clients and the gateway, with the peers' certificates. A silo runs whatever it is sent, so it
/// asks for a certificate even where the peer port would not (<c>--peer-client-cert-auth</c>): then the operating system's
/// authorities decide. Only generated certificates (<c>--peer-auto-tls</c>) can't be checked.
/// </summary>
/// <param name="tls">The peers' certificates and checks.</param>
/// <param name="members">Where the members are: silos are dialled by address, but certificates may be for names.</param>
/// <param name="hosts">Names for the check of a silo's address.</param>
internal sealed class SiloTls(PortTls tls, Func<IEnumerable<Uri>> members, IHostNames hosts)
{
    private static readonly TimeSpan HandshakeTimeout = new PeerLimits().HandshakeTimeout;

    /// <summary>Meets a silo that connects.</summary>
    public Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next) => RunAsync(connection, next, async (stream, token) =>
    {
        var remote = connection.RemoteEndPoint;
        await stream.AuthenticateAsServerAsync(tls.ServerOptions(remote, requiresClient: !tls.IsSelfSigned), token).ConfigureAwait(false);
        if (await tls.CheckAddressAsync(stream.RemoteCertificate, remote, hosts, token).ConfigureAwait(false) is { } error)
        {
            throw new AuthenticationException(error);
        }
    });

    /// <summary>Connects to a silo.</summary>
    public Task ConnectAsync(ConnectionContext connection, ConnectionDelegate next) => RunAsync(connection, next, (stream, token) =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        return stream.AuthenticateAsClientAsync(tls.ClientOptions(address, members().Select(url => url.IdnHost)), token);
    });

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> handshake)
    {
        var plain = connection.Transport;
        var stream = new SslStream(new DuplexStream(plain));
        await using (stream.ConfigureAwait(false))
        {
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed))
            {
                limit.CancelAfter(HandshakeTimeout);
                await handshake(stream, limit.Token).ConfigureAwait(false);
            }

            connection.Transport = new DuplexPipe(
                PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
                PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
            try
            {
                await next(connection).ConfigureAwait(false);
            }
            finally
            {
                connection.Transport = plain;
            }
        }
    }
}
