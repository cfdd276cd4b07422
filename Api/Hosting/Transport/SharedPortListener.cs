using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Krewe.Api.Hosting.Transport;

/// <summary>Kestrel's view of one protocol of a <see cref="SharedPort"/>.</summary>
internal sealed class SharedPortListener(SharedPort port, ChannelReader<ConnectionContext> connections, EndPoint endPoint)
    : IConnectionListener
{
    public EndPoint EndPoint { get; } = endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await connections.WaitToReadAsync(cancellationToken))
        {
            if (connections.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => port.UnbindAsync();

    public ValueTask DisposeAsync() => port.DisposeAsync();
}
