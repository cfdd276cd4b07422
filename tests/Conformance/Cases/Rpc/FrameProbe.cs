using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Rpc;

/// <summary>An HTTP/2 client that sends what it is told, and reads frames one by one.</summary>
internal sealed class FrameProbe : IDisposable
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TcpClient _client = new();
    private readonly CancellationTokenSource _limit = new(Limit);
    private readonly string _authority;
    private NetworkStream _stream = null!;
    private int _nextStreamId = 1;

    private FrameProbe(string authority) => _authority = authority;

    public static async Task<FrameProbe> ConnectAsync(IEtcdTarget target)
    {
        var probe = new FrameProbe(target.ClientUrl.Authority);
        await probe._client.ConnectAsync(target.ClientUrl.Host, target.ClientUrl.Port);
        probe._stream = probe._client.GetStream();
        await probe._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await probe.SendAsync(Settings, 0, 0, []);
        return probe;
    }

    public void Dispose()
    {
        _client.Dispose();
        _limit.Dispose();
    }

    /// <summary>Pings and waits for the acknowledgement.</summary>
    public async Task PingAsync()
    {
        await SendAsync(Ping, 0, 0, new byte[8]);
        await ReadAsync(Ping);
    }

    /// <summary>Pings and waits for the farewell; an acknowledgement may come before it.</summary>
    public async Task<string> PingOnceTooOftenAsync()
    {
        await SendAsync(Ping, 0, 0, new byte[8]);
        var payload = await ReadAsync(GoAway);
        var (lastStreamId, code) = (BinaryPrimitives.ReadInt32BigEndian(payload), BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4)));
        return $"go away, last stream {lastStreamId}, code {code}, {Encoding.UTF8.GetString(payload[8..])}";
    }

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task ReadToEndAsync()
    {
        while (await ReadAsync() is not null)
        {
        }
    }

    /// <summary>Makes a call whose stream stays open, and waits for the first answer.</summary>
    public async Task StartAsync(string path, byte[] message)
    {
        await OpenAsync(path, message, flags: 0);
        await ReadAsync(Data);
    }

    /// <summary>Makes a unary call and waits until the server has ended its stream.</summary>
    public async Task CallAsync(string path, byte[] message)
    {
        await OpenAsync(path, message, EndStream);
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type is Data or Headers && (frame.Flags & EndStream) != 0)
            {
                return;
            }
        }

        throw new IOException("The connection ended before the call.");
    }

    private async Task OpenAsync(string path, byte[] message, byte flags)
    {
        var id = _nextStreamId;
        _nextStreamId += 2;
        byte[] block =
        [
            0x83, 0x86, .. Literal(0x04, path), .. Literal(0x01, _authority), 0x00, .. Text("content-type"), .. Text("application/grpc"), 0x00, .. Text("te"), .. Text("trailers"),
        ];
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        await SendAsync(Headers, EndHeaders, id, block);
        await SendAsync(Data, flags, id, [.. prefix, .. message]);
    }

    private static byte[] Literal(byte nameIndex, string value) => [nameIndex, .. Text(value)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private async Task SendAsync(byte type, byte flags, int streamId, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame, 9);
        await _stream.WriteAsync(frame, _limit.Token);
    }

    private async Task<byte[]> ReadAsync(byte type)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type)
            {
                return frame.Payload;
            }
        }

        throw new IOException($"The connection ended before a frame of type {type}.");
    }

    /// <summary>Null when the server has closed.</summary>
    private async Task<(byte Type, byte Flags, byte[] Payload)?> ReadAsync()
    {
        var head = new byte[9];
        try
        {
            await _stream.ReadExactlyAsync(head, _limit.Token);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
            await _stream.ReadExactlyAsync(payload, _limit.Token);
            if (head[3] == Settings && (head[4] & 1) == 0)
            {
                await SendAsync(Settings, 1, 0, []);
            }

            return (head[3], head[4], payload);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return null;
        }
    }
}
