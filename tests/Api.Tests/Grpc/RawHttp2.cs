using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Grpc;

/// <summary>One HTTP/2 request written frame by frame: header values that no client library would send.</summary>
internal static class RawHttp2
{
    private const byte DataFrame = 0;
    private const byte HeadersFrame = 1;
    private const byte ResetFrame = 3;
    private const byte SettingsFrame = 4;
    private const byte GoAwayFrame = 7;

    /// <summary>Whether the call of <paramref name="path"/> was answered with a message, rather than reset.</summary>
    public static async Task<bool> IsAnsweredAsync(ApiHost host, string path, string authority, byte[] message)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.ClientEndPoint);
        await using var stream = new NetworkStream(socket);
        byte[] headers =
        [
            .. Literal(":method", "POST"), .. Literal(":scheme", "http"), .. Literal(":path", path), .. Literal(":authority", authority),
            .. Literal("content-type", "application/grpc"), .. Literal("te", "trailers"),
        ];
        byte[] body = [0, 0, 0, 0, (byte)message.Length, .. message];
        await stream.WriteAsync((byte[])
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            .. Frame(SettingsFrame, 0, 0, []),
            .. Frame(HeadersFrame, 4, 1, headers),
            .. Frame(DataFrame, 1, 1, body),
        ]);
        return await ReadVerdictAsync(stream);
    }

    private static async Task<bool> ReadVerdictAsync(Stream stream)
    {
        var header = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(header);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            await stream.ReadExactlyAsync(new byte[length]);
            switch (header[3])
            {
                case DataFrame: return length > 0;
                case ResetFrame or GoAwayFrame: return false;
            }
        }
    }

    private static byte[] Literal(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private static byte[] Frame(byte type, byte flags, int streamId, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame, 9);
        return frame;
    }
}
