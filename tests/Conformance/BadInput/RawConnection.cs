using System.Net.Sockets;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.BadInput;

/// <summary>Bytes on a bare TCP connection to a server.</summary>
internal static class RawConnection
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>Sends the bytes, half-closes, and reads whatever comes until the server closes or the limit passes.</summary>
    public static async Task<int> SendAsync(IEtcdTarget target, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(target.ClientUrl.Host, target.ClientUrl.Port);
        using var limit = new CancellationTokenSource(AnswerLimit);
        var received = 0;
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(bytes, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0;)
            {
                received += read;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // A reset or silence is a fine answer to garbage; what matters is that the server goes on serving others.
        }

        return received;
    }
}
