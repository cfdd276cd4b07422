using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Krewe.Api.Gateway;

/// <summary>Makes the messages of a WebSocket readable as the body of a POST.</summary>
internal static class WebSocketInput
{
    private const int ReadBytes = 4096;

    /// <summary>Copies until the client closes or <paramref name="cancellationToken"/> fires; the pipe's bound holds the client back.</summary>
    public static async Task CopyAsync(WebSocket socket, PipeWriter body, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(body.GetMemory(ReadBytes), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                body.Advance(received.Count);
                var flushed = await body.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone, or the call is over.
        }
        finally
        {
            await body.CompleteAsync();
        }
    }
}
