using System.Net;
using System.Net.Sockets;
using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

/// <summary>A server end whose every frame the test writes, and the client connection against it.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    private const int TimeoutMilliseconds = 10_000;
    private const int PrefaceBytes = 24;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Socket _socket;

    public ScriptedPeer()
    {
        _listener.Start();
        Client = Http2Connection.Connect((IPEndPoint)_listener.LocalEndpoint);
        _socket = _listener.AcceptSocket();
        _socket.ReceiveTimeout = TimeoutMilliseconds;
        Assert.StartsWith("PRI * HTTP/2.0", System.Text.Encoding.ASCII.GetString(Receive(PrefaceBytes)));
        Assert.Equal(FrameType.Settings, ReadFrame().Header.Type);
        Assert.Equal(FrameType.WindowUpdate, ReadFrame().Header.Type);
    }

    public Http2Connection Client { get; }

    public (FrameHeader Header, byte[] Payload) ReadFrame()
    {
        var header = FrameHeader.Read(Receive(FrameHeader.Size));
        return (header, Receive(header.Length));
    }

    /// <summary>Sends the frame and has the client react to it.</summary>
    public void Send(FrameType type, byte flags, int streamId, params byte[] payload)
    {
        var buffer = new SendBuffer();
        buffer.AppendFrame(type, flags, streamId, payload);
        _socket.Send(buffer.Pending);
        Assert.True(Client.Socket.Poll(TimeSpan.FromMilliseconds(TimeoutMilliseconds), SelectMode.SelectRead));
        Client.OnReadable();
    }

    public void SendSetting(ushort id, uint value)
    {
        var payload = new byte[Http2Setting.Size];
        Http2Setting.Write(payload, id, value);
        Send(FrameType.Settings, FrameFlags.None, 0, payload);
        Assert.Equal(FrameType.Settings, ReadFrame().Header.Type);
    }

    public void Dispose()
    {
        Client.Dispose();
        _socket.Dispose();
        _listener.Dispose();
    }

    private byte[] Receive(int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = _socket.Receive(bytes, received, count - received, SocketFlags.None);
            Assert.NotEqual(0, more);
            received += more;
        }

        return bytes;
    }
}
