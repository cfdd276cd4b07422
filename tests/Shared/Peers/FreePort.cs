using System.Net;
using System.Net.Sockets;

namespace Krewe.Testing.Peers;

/// <summary>
/// Loopback ports that nobody listens on now. Below those that Linux hands out by itself: one of these may be another connection's, or a silo's, by the
/// time that the server binds it.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;
    private const int MaxAttempts = 1_000;

    /// <summary>Picks <paramref name="count"/> different ports; all are held until the last is chosen, so they differ.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            for (var attempt = 0; listeners.Count < count; attempt++)
            {
                Assert.True(attempt < MaxAttempts, "no port is free");
                if (TryListen(Random.Shared.Next(First, End)) is { } listener)
                {
                    listeners.Add(listener);
                }
            }

            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Stop());
        }
    }

    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
