using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Krewe.Benchmarks.Http2.Transport;

namespace Krewe.Benchmarks.Http2;

/// <summary>
/// A minimal HTTP/2 client connection, in clear with prior knowledge or in TLS. Single-threaded: its loop calls it when the socket is ready, and
/// all that the handlers send meanwhile goes out in one write.
/// </summary>
internal sealed partial class Http2Connection : IDisposable
{
    // Large windows, so that a long response never waits for us; updates are then rare.
    private const int StreamWindow = 16 * 1024 * 1024;
    private const int ConnectionWindow = 64 * 1024 * 1024;
    private const int DefaultWindow = 65_535;
    private const int MaxHeaderBlockBytes = 64 * 1024;

    private readonly ITransport _transport;
    private readonly ReceiveBuffer _receive = new();
    private readonly SendBuffer _send = new();
    private readonly HpackDecoder _decoder = new();
    private readonly RequestHeaders _headers;
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly Queue<Http2Stream> _blocked = [];
    private readonly List<byte> _headerBlock = [];

    private int _nextStreamId = 1;
    private int _sendWindow = DefaultWindow;
    private int _streamSendWindow = DefaultWindow;
    private int _sendFrameSize = ReceiveBuffer.DefaultMaxFrameSize;
    private int _unacknowledged;
    private byte _headerBlockFlags;

    private Http2Connection(ITransport transport, string authority, bool isEncrypted)
    {
        _transport = transport;
        _headers = new RequestHeaders(authority, isEncrypted);
    }

    /// <summary>True once the server's settings have come; calls may start then.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The server's limit of concurrent streams.</summary>
    public long MaxConcurrentStreams { get; private set; } = long.MaxValue;

    public Socket Socket => _transport.Socket;

    /// <summary>Protocol and cipher suite; known once the connection is ready.</summary>
    public string Security => _transport.Security;

    /// <summary>Whether the connection wants to hear when the socket takes more.</summary>
    public bool HasPendingWrites => _transport.HasUnsent || (_transport.IsOpen && !_send.IsEmpty);

    /// <param name="tls">How to secure the connection; null: in clear. The handshake goes on while the loop serves the connection.</param>
    public static Http2Connection Connect(IPEndPoint endpoint, SslClientAuthenticationOptions? tls = null)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(endpoint);
            socket.Blocking = false;
            ITransport transport = tls is null ? new SocketTransport(socket) : new TlsTransport(socket, tls);
            var connection = new Http2Connection(transport, endpoint.ToString(), tls is not null);
            connection.SendPreface();
            connection.Flush();
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _transport.Dispose();

    /// <summary>All later calls carry this auth token.</summary>
    public void UseToken(string token) => _headers.UseToken(token);

    /// <summary>Begins a call; the messages follow with <see cref="SendMessage"/>.</summary>
    public void Start(Http2Stream stream, string path)
    {
        stream.Open(_nextStreamId, _streamSendWindow);
        _nextStreamId += 2;
        _streams.Add(stream.Id, stream);
        _send.AppendFrame(FrameType.Headers, FrameFlags.EndHeaders, stream.Id, _headers.Encode(path));
    }

    /// <summary>Queues one gRPC message; <see cref="Flush"/> sends it, together with those of other streams.</summary>
    public void SendMessage(Http2Stream stream, ReadOnlySpan<byte> message, bool endStream)
    {
        var length = MessageAssembler.PrefixSize + message.Length;
        var fits = length <= _sendFrameSize && length <= _sendWindow && length <= stream.SendWindow;
        if (!fits || stream.Unsent.Length > 0)
        {
            QueueMessage(stream, message, endStream);
            return;
        }

        var span = _send.Append(FrameHeader.Size + length);
        var flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        new FrameHeader(length, FrameType.Data, flags, stream.Id).Write(span);
        WritePrefix(span[FrameHeader.Size..], message.Length);
        message.CopyTo(span[(FrameHeader.Size + MessageAssembler.PrefixSize)..]);
        _sendWindow -= length;
        stream.SendWindow -= length;
    }

    /// <summary>Reads what has come, lets the handlers act on it, and sends what they queued.</summary>
    public void OnReadable()
    {
        do
        {
            var received = _transport.Receive(_receive.Free());
            if (received == ITransport.NotNow)
            {
                break;
            }

            if (received == 0)
            {
                throw new Http2Exception("the server closed the connection");
            }

            _receive.Commit(received);
            while (_receive.TryReadFrame(out var header, out var payload))
            {
                OnFrame(header, payload);
            }
        }
        while (_transport.MayHaveMore);
        Flush();
    }

    /// <summary>Writes what is queued, as far as the socket takes it.</summary>
    public void Flush()
    {
        _transport.Flush();
        while (!_send.IsEmpty)
        {
            var sent = _transport.Send(_send.Pending);
            if (sent == 0)
            {
                return;
            }

            _send.Consume(sent);
        }
    }

    private static void WritePrefix(Span<byte> destination, int length)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], length);
    }

    private void SendPreface()
    {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
        preface.CopyTo(_send.Append(preface.Length));
        Span<byte> settings = stackalloc byte[2 * Http2Setting.Size];
        Http2Setting.Write(settings, Http2Setting.EnablePush, 0);
        Http2Setting.Write(settings[Http2Setting.Size..], Http2Setting.InitialWindowSize, StreamWindow);
        _send.AppendFrame(FrameType.Settings, FrameFlags.None, 0, settings);
        _send.AppendWindowUpdate(0, ConnectionWindow - DefaultWindow);
    }

    private void OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_headerBlock.Count > 0 && header.Type != FrameType.Continuation)
        {
            throw new Http2Exception($"{header.Type} frame inside a header block");
        }

        switch (header.Type)
        {
            case FrameType.Data:
                OnData(header, payload);
                break;
            case FrameType.Headers:
                OnHeaders(header, FramePadding.Strip(header, payload));
                break;
            case FrameType.Continuation:
                OnContinuation(header, payload);
                break;
            case FrameType.Settings:
                OnSettings(header, payload);
                break;
            case FrameType.WindowUpdate:
                OnWindowUpdate(header.StreamId, ReadInt32(payload));
                break;
            case FrameType.Ping when !header.Has(FrameFlags.Ack):
                _send.AppendFrame(FrameType.Ping, FrameFlags.Ack, 0, payload);
                break;
            case FrameType.RstStream when _streams.ContainsKey(header.StreamId):
                throw new Http2Exception($"the server reset stream {header.StreamId} with error {ReadInt32(payload)}");
            case FrameType.GoAway:
                throw new Http2Exception(GoAwayText(payload));
            case FrameType.PushPromise:
                throw new Http2Exception("the server pushed, though push is off");
            default:
                // PRIORITY, the answer to a ping, a reset of a stream that has ended, unknown types: to be ignored.
                break;
        }
    }

    private void OnData(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Acknowledge(header, payload.Length);
        if (!_streams.TryGetValue(header.StreamId, out var stream))
        {
            throw new Http2Exception($"DATA for stream {header.StreamId}, which is not open");
        }

        var data = FramePadding.Strip(header, payload);
        while (!data.IsEmpty && stream.Messages.TryRead(ref data, out var message))
        {
            stream.Handler.OnMessage(stream, message);
        }

        if (header.Has(FrameFlags.EndStream))
        {
            CloseStream(stream);
        }
    }

    private void OnHeaders(FrameHeader header, ReadOnlySpan<byte> block)
    {
        if (header.Has(FrameFlags.EndHeaders))
        {
            OnHeaderBlock(header, block);
            return;
        }

        // The flag that ends the stream is on HEADERS, not on the CONTINUATION that ends the block.
        _headerBlockFlags = header.Flags;
        _headerBlock.AddRange(block);
    }

    private void OnContinuation(FrameHeader header, ReadOnlySpan<byte> block)
    {
        if (_headerBlock.Count == 0 || _headerBlock.Count + block.Length > MaxHeaderBlockBytes)
        {
            throw new Http2Exception("CONTINUATION out of place, or header block too long");
        }

        _headerBlock.AddRange(block);
        if (header.Has(FrameFlags.EndHeaders))
        {
            byte[] whole = [.. _headerBlock];
            _headerBlock.Clear();
            OnHeaderBlock(header with { Flags = _headerBlockFlags }, whole);
        }
    }

    private void OnHeaderBlock(FrameHeader header, ReadOnlySpan<byte> block)
    {
        if (!_streams.TryGetValue(header.StreamId, out var stream))
        {
            throw new Http2Exception($"HEADERS for stream {header.StreamId}, which is not open");
        }

        _decoder.Decode(block, ref stream.Head);
        if (header.Has(FrameFlags.EndStream))
        {
            CloseStream(stream);
        }
    }

    private void CloseStream(Http2Stream stream)
    {
        if (!stream.Messages.IsEmpty)
        {
            throw new Http2Exception($"stream {stream.Id} ended inside a message");
        }

        _streams.Remove(stream.Id);
        stream.Close();
        stream.Handler.OnClosed(stream, in stream.Head);
    }

    private void OnSettings(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            return;
        }

        for (; payload.Length >= Http2Setting.Size; payload = payload[Http2Setting.Size..])
        {
            Apply(Http2Setting.Read(payload));
        }

        _send.AppendFrame(FrameType.Settings, FrameFlags.Ack, 0, []);
        IsReady = true;
    }

    private void Apply(Http2Setting setting)
    {
        switch (setting.Id)
        {
            case Http2Setting.HeaderTableSize:
                _headers.OnServerTableSize(setting.Value);
                break;
            case Http2Setting.MaxConcurrentStreamsId:
                MaxConcurrentStreams = setting.Value;
                break;
            case Http2Setting.InitialWindowSize:
                ChangeStreamWindow((int)setting.Value);
                break;
            case Http2Setting.MaxFrameSize:
                _sendFrameSize = (int)setting.Value;
                break;
        }
    }

    private static string GoAwayText(ReadOnlySpan<byte> payload) =>
        $"the server sent GOAWAY: last stream {ReadInt32(payload)}, error {ReadInt32(payload[4..])} \"{Encoding.UTF8.GetString(payload[8..])}\"";

    private static int ReadInt32(ReadOnlySpan<byte> payload) =>
        payload.Length >= sizeof(int)
            ? BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue
            : throw new Http2Exception("frame is too short");
}
