using System.Net.Sockets;

namespace Krewe.Benchmarks.Http2.Transport;

/// <summary>Bytes in clear.</summary>
internal sealed class SocketTransport(Socket socket) : ITransport
{
    public Socket Socket => socket;

    public bool IsOpen => true;

    public bool HasUnsent => false;

    public bool MayHaveMore => false;

    public string Security => "none";

    public int Receive(Span<byte> destination)
    {
        var received = socket.Receive(destination, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => received,
            SocketError.WouldBlock => ITransport.NotNow,
            _ => throw new Http2Exception($"the server closed the connection ({error})"),
        };
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var sent = socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw new Http2Exception($"sending failed ({error})"),
        };
    }

    public void Flush()
    {
    }

    public void Dispose() => socket.Dispose();
}
