using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Hosting.Transport;

/// <summary>
/// One listening socket behind several Kestrel endpoints: connections that open with the HTTP/2 preface go to one, with a TLS handshake to
/// another if there is one, and all others to that of HTTP/1.1 (behaviour 321). Kestrel alone cannot tell them apart. After the first bytes were looked at, a connection
/// is an ordinary one: nothing stands between it and Kestrel.
/// </summary>
internal sealed partial class SharedPort(EndPoint address) : IAsyncDisposable
{
    /// <summary>Connections that have not said anything yet; beyond it the socket's backlog holds newcomers back.</summary>
    public const int MaxPendingSniffs = 4_096;

    /// <summary>Connections told apart but not yet taken over by Kestrel, for each protocol.</summary>
    public const int MaxUntaken = 1_024;

    private readonly SemaphoreSlim _bindTurn = new(1, 1);
    private readonly SemaphoreSlim _pendingSniffs = new(MaxPendingSniffs, MaxPendingSniffs);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<ConnectionContext> _http1 = Channel.CreateBounded<ConnectionContext>(MaxUntaken);
    private readonly Channel<ConnectionContext> _http2 = Channel.CreateBounded<ConnectionContext>(MaxUntaken);
    private readonly Channel<ConnectionContext> _tls = Channel.CreateBounded<ConnectionContext>(MaxUntaken);
    private volatile bool _takesTls;
    private IConnectionListener? _socket;
    private Task _accepting = Task.CompletedTask;
    private ILogger? _logger;
    private int _isUnbound;

    /// <summary>How long a connection may stay silent before it is closed.</summary>
    public static TimeSpan SniffTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The bound address; the wanted one before <see cref="BindAsync"/>.</summary>
    public EndPoint Address => _socket?.EndPoint ?? address;

    public async ValueTask<IConnectionListener> BindAsync(
        IConnectionListenerFactory sockets, SniffedProtocol protocol, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        await _bindTurn.WaitAsync(cancellationToken);
        try
        {
            _takesTls |= protocol == SniffedProtocol.Tls;
            if (_socket is null)
            {
                _logger = logger;
                _socket = await sockets.BindAsync(address, cancellationToken);
                _accepting = AcceptAsync(_socket, time);
            }
        }
        finally
        {
            _bindTurn.Release();
        }

        return new SharedPortListener(this, ChannelOf(protocol).Reader, new SharedPortEndPoint(this, protocol));
    }

    /// <summary>Stops listening; all endpoints see the end of their connections.</summary>
    public async ValueTask UnbindAsync()
    {
        if (Interlocked.Exchange(ref _isUnbound, 1) != 0)
        {
            return;
        }

        if (_socket is not null)
        {
            await _socket.UnbindAsync();
        }

        await _stopping.CancelAsync();
        await _accepting;
        _http1.Writer.TryComplete();
        _http2.Writer.TryComplete();
        _tls.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }
    }

    /// <summary>A TLS handshake on a port without TLS is malformed HTTP/1.1, whose parser closes the connection.</summary>
    private Channel<ConnectionContext> ChannelOf(SniffedProtocol protocol) => protocol switch
    {
        SniffedProtocol.Http2 => _http2,
        SniffedProtocol.Tls when _takesTls => _tls,
        _ => _http1,
    };

    private async Task AcceptAsync(IConnectionListener socket, TimeProvider time)
    {
        try
        {
            while (true)
            {
                await _pendingSniffs.WaitAsync(_stopping.Token);
                var connection = await socket.AcceptAsync(_stopping.Token);
                if (connection is null)
                {
                    return;
                }

                _ = DispatchAsync(connection, time);
            }
        }
        catch (OperationCanceledException)
        {
            // Unbound.
        }
        catch (Exception e)
        {
            LogAcceptFailed(_logger!, e, Address);
        }
    }

    private async Task DispatchAsync(ConnectionContext connection, TimeProvider time)
    {
        try
        {
            var protocol = await ProtocolSniffer.SniffAsync(connection.Transport.Input, SniffTimeout, time, _stopping.Token);
            if (protocol == SniffedProtocol.Nothing)
            {
                await connection.DisposeAsync();
                return;
            }

            await ChannelOf(protocol).Writer.WriteAsync(connection, _stopping.Token);
        }
        catch (Exception e)
        {
            LogSniffFailed(_logger!, e, connection.ConnectionId);
            await connection.DisposeAsync();
        }
        finally
        {
            _pendingSniffs.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "accepting connections failed on {Address}")]
    private static partial void LogAcceptFailed(ILogger logger, Exception exception, EndPoint address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection {ConnectionId} ended before its protocol was known")]
    private static partial void LogSniffFailed(ILogger logger, Exception exception, string connectionId);
}
