using System.Net;
using System.Net.Sockets;

namespace Krewe.Benchmarks.Servers;

/// <summary>Ports of the loopback address that nobody listens on now.</summary>
internal static class FreePorts
{
    public static int[] Take(int count)
    {
        // All held at once, so that they differ.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            Array.ForEach(listeners, listener => listener.Start());
            return Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }
}
