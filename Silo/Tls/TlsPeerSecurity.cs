using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Tls;

/// <summary>Connections between members: TLS where the peer URL is an https one, as they are where it is not.</summary>
internal sealed class TlsPeerSecurity(PortTls tls, IHostNames hosts) : IPeerSecurity
{
    public async ValueTask<Stream> AsClientAsync(Stream transport, Uri target, CancellationToken cancellationToken)
    {
        if (!IsTls(target))
        {
            return transport;
        }

        var stream = new SslStream(transport);
        try
        {
            await stream.AuthenticateAsClientAsync(tls.ClientOptions(target.IdnHost), cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw Translate(e, $"TLS with {target}");
        }
    }

    public async ValueTask<Stream> AsServerAsync(Stream transport, Uri listener, CancellationToken cancellationToken)
    {
        if (!IsTls(listener))
        {
            return transport;
        }

        var remote = (transport as NetworkStream)?.Socket.RemoteEndPoint;
        var stream = new SslStream(transport);
        try
        {
            await stream.AuthenticateAsServerAsync(tls.ServerOptions(remote), cancellationToken).ConfigureAwait(false);
            return await tls.CheckAddressAsync(stream.RemoteCertificate, remote, hosts, cancellationToken).ConfigureAwait(false) is { } error
                ? throw new IOException(error)
                : stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw Translate(e, $"TLS with {remote}");
        }
    }

    private static bool IsTls(Uri url) => url.Scheme is "https" or "unixs";

    /// <summary>Peers know I/O errors only.</summary>
    private static Exception Translate(Exception e, string what) => e is AuthenticationException or InvalidDataException or InvalidOperationException
        ? new IOException($"{what}: {e.Message}", e)
        : e;
}
