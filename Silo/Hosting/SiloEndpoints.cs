using System.Net;
using System.Net.Sockets;
using Krewe.Silo.Configuration.Options;
using Orleans.Configuration;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Where a member's silo can be reached: at the host of its first advertised peer URL, on ports of its own. The membership table tells the other
/// members, so that the ports need not be fixed.
/// </summary>
internal static class SiloEndpoints
{
    public static void Configure(EndpointOptions endpoints, ServerOptions options)
    {
        var address = AdvertisedAddress(options.Cluster.AdvertisePeerUrls);
        var listen = ListenAddress(address);
        endpoints.AdvertisedIPAddress = address;
        (endpoints.SiloPort, endpoints.GatewayPort) = Ports(listen, options.Grains);
        endpoints.SiloListeningEndpoint = new IPEndPoint(listen, endpoints.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, endpoints.GatewayPort);
    }

    /// <summary>Where the silo listens; throws as <see cref="AdvertisedAddress"/> does.</summary>
    public static IPAddress ListenAddress(ServerOptions options) => ListenAddress(AdvertisedAddress(options.Cluster.AdvertisePeerUrls));

    private static IPAddress ListenAddress(IPAddress advertised) =>
        IPAddress.IsLoopback(advertised) ? advertised : AnyOf(advertised.AddressFamily);

    /// <summary>
    /// The address behind the first TCP peer URL; loopback without one. Throws <see cref="InvalidDataException"/> with a text for the operator
    /// when the host has no address.
    /// </summary>
    public static IPAddress AdvertisedAddress(IEnumerable<EtcdUrl> peerUrls)
    {
        if (peerUrls.FirstOrDefault(url => !url.IsUnixSocket)?.Host is not { } host
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(host, out var literal) ? literal : Resolve(host);
    }

    private static IPAddress Resolve(string host)
    {
        try
        {
            var addresses = Dns.GetHostAddresses(host);
            return Array.Find(addresses, address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (SocketException e)
        {
            throw new InvalidDataException($"--initial-advertise-peer-urls: the address of {host} can't be found: {e.Message}", e);
        }
    }

    private static IPAddress AnyOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;

    /// <summary>Orleans wants to know its ports before it listens on them. Both are held until both are chosen, so that they differ.</summary>
    private static (int Silo, int Gateway) Ports(IPAddress listen, GrainOptions grains)
    {
        using var silo = FreePort(listen);
        using var gateway = FreePort(listen);
        return (
            grains.SiloPort == 0 ? PortOf(silo) : grains.SiloPort,
            grains.GatewayPort == 0 ? PortOf(gateway) : grains.GatewayPort);
    }

    private static Socket FreePort(IPAddress listen)
    {
        var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(listen, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
