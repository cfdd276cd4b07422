using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Peers;

/// <summary>Listens on the peer URLs: other members, and a few HTTP routes on the same port.</summary>
internal sealed partial class PeerListener : IAsyncDisposable
{
    private const int Backlog = 128;

    private readonly List<(Socket Socket, Uri Url)> _sockets = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly PeerConnection _connection;
    private readonly SemaphoreSlim _free;
    private readonly ILogger _logger;
    private readonly List<Task> _accepting = [];

    public PeerListener(PeerTransport transport, IPeerBook book, IPeerSecurity security, PeerRoutes routes, PeerLimits limits, ILogger<PeerListener> logger)
    {
        _logger = logger;
        _free = new SemaphoreSlim(limits.MaxConnections);
        _connection = new PeerConnection(transport, book, security, routes, limits, logger);
    }

    /// <summary>Where it listens, with the ports that the system chose for port 0.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _sockets.Select(s => (IPEndPoint)s.Socket.LocalEndPoint!)];

    /// <summary>Throws <see cref="SocketException"/> if an address can't be listened on.</summary>
    public void Start(IEnumerable<Uri> urls)
    {
        foreach (var url in urls)
        {
            foreach (var address in AddressesOf(url.IdnHost))
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                _sockets.Add((socket, url));
                socket.Bind(new IPEndPoint(address, url.Port));
                socket.Listen(Backlog);
                _accepting.Add(AcceptAsync(socket, url));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _sockets.ForEach(s => s.Socket.Dispose());
        await Task.WhenAll(_accepting).ConfigureAwait(false);
    }

    private async Task AcceptAsync(Socket listener, Uri url)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _free.WaitAsync(_stopping.Token).ConfigureAwait(false);
                var socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = ServeAsync(socket, url);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Of one connection, or for want of file descriptors: either passes.
                _free.Release();
                LogNotAccepted(e.Message);
                await Task.Delay(100, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket socket, Uri url)
    {
        try
        {
            await _connection.ServeAsync(socket, url, _stopping.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nothing that comes in from outside may end more than its own connection.
        catch (Exception e) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (e is IOException or InvalidDataException or SocketException or OperationCanceledException)
            {
                LogClosed(e.Message);
            }
            else
            {
                LogFailed(e);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // Stopping.
        }
        finally
        {
            socket.Dispose();
            _free.Release();
        }
    }

    /// <summary>Where it listens for a host name. Throws <see cref="SocketException"/> for one that nobody knows.</summary>
    internal static IPAddress[] AddressesOf(string host) => IPAddress.TryParse(host, out var address)
        ? [address]
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback] : Dns.GetHostAddresses(host);

    [LoggerMessage(Level = LogLevel.Debug, Message = "a connection on the peer port ended: {Reason}")]
    private partial void LogClosed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "serving a connection on the peer port failed")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "could not accept a connection on the peer port: {Reason}")]
    private partial void LogNotAccepted(string reason);
}
