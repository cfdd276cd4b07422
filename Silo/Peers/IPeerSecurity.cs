namespace Krewe.Silo.Peers;

/// <summary>The one place where connections between members get their protection: wraps the socket's stream before the first byte.</summary>
internal interface IPeerSecurity
{
    ValueTask<Stream> AsClientAsync(Stream transport, Uri target, CancellationToken cancellationToken);

    ValueTask<Stream> AsServerAsync(Stream transport, Uri listener, CancellationToken cancellationToken);
}
