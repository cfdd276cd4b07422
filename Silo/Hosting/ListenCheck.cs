using System.Net;
using System.Net.Sockets;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Tries every address that a process will listen on before it opens its data, so that one which is taken is told in one line, with etcd's words, instead of
/// by whichever part meets it first.
/// </summary>
internal static class ListenCheck
{
    /// <summary>The TCP addresses of a member with these options: clients, metrics, peers, and the silo's as far as they are fixed.</summary>
    public static void RequireFree(ServerOptions options)
    {
        var listen = SiloEndpoints.ListenAddress(options);
        RequireFree(
        [
            .. ApiAddresses(options.Listen),
            .. options.Listen.PeerUrls.SelectMany(EndPoints),
            .. new[] { options.Grains.SiloPort, options.Grains.GatewayPort }.Select(port => new IPEndPoint(listen, port)),
        ]);
    }

    /// <summary>The same for a gateway: clients and metrics.</summary>
    public static void RequireFree(ListenOptions listen) => RequireFree([.. ApiAddresses(listen)]);

    /// <summary>What to tell the operator if an exception says that an address can't be listened on, else null.</summary>
    public static string? Explain(Exception e) => e switch
    {
        SocketException socket => socket.Message,
        IOException { InnerException: { } inner } io when inner is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException => io.Message,
        _ => null,
    };

    /// <summary>Throws <see cref="InvalidDataException"/> with the first that is not free. All are held until the last is tried, so that they differ.</summary>
    private static void RequireFree(IReadOnlyList<IPEndPoint> endPoints)
    {
        var held = new List<Socket>();
        try
        {
            foreach (var endPoint in endPoints.Where(e => e.Port != 0))
            {
                held.Add(Listen(endPoint));
            }
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static Socket Listen(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            // Throws, too, where the address family is not to be had.
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            socket.Listen(1);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new InvalidDataException($"listen tcp {endPoint}: bind: {Words(e)}", e);
        }
    }

    private static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AccessDenied => "permission denied",
        _ => e.Message,
    };

    /// <summary>Client URLs may share an address, with and without TLS.</summary>
    private static IEnumerable<IPEndPoint> ApiAddresses(ListenOptions listen) =>
        [.. listen.ClientUrls.SelectMany(EndPoints).Distinct(), .. listen.MetricsUrls.SelectMany(EndPoints)];

    private static IEnumerable<IPEndPoint> EndPoints(EtcdUrl url) =>
        url.IsUnixSocket ? [] : Addresses(url.Host).Select(address => new IPEndPoint(address, url.Port));

    private static IPAddress[] Addresses(string host)
    {
        try
        {
            return PeerListener.AddressesOf(host);
        }
        catch (SocketException e)
        {
            throw new InvalidDataException($"listen tcp: lookup {host}: {e.Message}", e);
        }
    }
}
