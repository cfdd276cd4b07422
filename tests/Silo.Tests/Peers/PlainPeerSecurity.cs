using Krewe.Silo.Peers;

namespace Krewe.Silo.Tests.Peers;

/// <summary>Connections as they are: http peer URLs. Refuses https ones rather than to serve them unprotected.</summary>
internal sealed class PlainPeerSecurity : IPeerSecurity
{
    public ValueTask<Stream> AsClientAsync(Stream transport, Uri target, CancellationToken cancellationToken) => Plain(transport, target);

    public ValueTask<Stream> AsServerAsync(Stream transport, Uri listener, CancellationToken cancellationToken) => Plain(transport, listener);

    private static ValueTask<Stream> Plain(Stream transport, Uri url) => url.Scheme == Uri.UriSchemeHttps
        ? throw new NotSupportedException($"no TLS is configured for the peer URL {url}")
        : ValueTask.FromResult(transport);
}
