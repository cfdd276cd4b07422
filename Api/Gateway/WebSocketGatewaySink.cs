using System.Net.WebSockets;

namespace Krewe.Api.Gateway;

/// <summary>Answers on a WebSocket: a text message for each object (behaviour 331).</summary>
internal sealed class WebSocketGatewaySink(WebSocket socket) : IGatewaySink
{
    public ValueTask WriteAsync(int httpStatus, ReadOnlyMemory<byte> json, bool endsLine, CancellationToken cancellationToken) =>
        socket.SendAsync(json, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
