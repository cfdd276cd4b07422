using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Krewe.Api.Hosting.Transport;

/// <summary>Binds <see cref="SharedPortEndPoint"/>s over the stock socket transport; leaves all other endpoints to it.</summary>
internal sealed class SharedPortTransportFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggers, TimeProvider time)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private readonly ILogger _logger = loggers.CreateLogger<SharedPort>();

    public bool CanBind(EndPoint endpoint) => endpoint is SharedPortEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var shared = (SharedPortEndPoint)endpoint;
        return shared.Port.BindAsync(_sockets, shared.Protocol, _logger, time, cancellationToken);
    }
}
