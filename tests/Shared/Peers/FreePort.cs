using System.Net;
using System.Net.Sockets;

namespace Krewe.Testing.Peers;

/// <summary>Loopback ports that nobody listens on now.</summary>
internal static class FreePort
{
    /// <summary>Picks <paramref name="count"/> different ports; all are held until the last is chosen, so they differ.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }

            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Stop());
        }
    }
}
