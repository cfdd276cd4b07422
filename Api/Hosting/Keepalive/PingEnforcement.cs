using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Krewe.Api.Hosting.Keepalive;

/// <summary>
/// Watches the frames of an HTTP/2 connection and ends one whose client pings too often (behaviour 342). Kestrel has no such rule. It
/// sees plain frames, so it belongs behind TLS.
/// </summary>
internal sealed class PingEnforcement : IDuplexPipe
{
    private const int PrefaceBytes = 24;
    private const int EnhanceYourCalm = 11;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _openStreams = [];
    private readonly PingPolicy _policy;
    private readonly FrameScanner _received;
    private readonly FrameScanner _sent;
    private int _lastStreamId;
    private volatile bool _isViolated;

    public PingEnforcement(IDuplexPipe transport, PingPolicy policy)
    {
        _policy = policy;
        _received = new FrameScanner(PrefaceBytes, OnReceived);
        _sent = new FrameScanner(0, OnSent);
        Input = new ScannedReader(transport.Input, this);
        Output = new ScannedWriter(transport.Output, this);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Whether the connection must end.</summary>
    public bool IsViolated => _isViolated;

    private static ReadOnlySpan<byte> DebugData => "too_many_pings"u8;

    /// <summary>Connection middleware.</summary>
    public static ConnectionDelegate Apply(ConnectionDelegate next, TimeSpan minTime, TimeProvider time) => async connection =>
    {
        var transport = connection.Transport;
        connection.Transport = new PingEnforcement(transport, new PingPolicy(minTime, time));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    };

    public void Received(ReadOnlySpan<byte> bytes) => _received.Scan(bytes);

    public void Sent(ReadOnlySpan<byte> bytes) => _sent.Scan(bytes);

    /// <summary>Writes the farewell if one is due and no frame is half written. The last bytes of the connection that a client heeds.</summary>
    public bool TrySayGoodbye(PipeWriter output)
    {
        if (!_isViolated || !_sent.IsBetweenFrames)
        {
            return false;
        }

        Span<byte> frame = output.GetSpan(FrameHeader.Size + 8 + DebugData.Length);
        var payload = 8 + DebugData.Length;
        frame[..FrameHeader.Size].Clear();
        frame[2] = (byte)payload;
        frame[3] = FrameHeader.GoAway;
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], _lastStreamId);
        BinaryPrimitives.WriteInt32BigEndian(frame[(FrameHeader.Size + 4)..], EnhanceYourCalm);
        DebugData.CopyTo(frame[(FrameHeader.Size + 8)..]);
        output.Advance(FrameHeader.Size + payload);
        return true;
    }

    private void OnReceived(FrameHeader frame)
    {
        switch (frame.Type)
        {
            case FrameHeader.Ping when (frame.Flags & FrameHeader.Ack) == 0:
                _isViolated |= !_policy.Allows(HasStreams());
                break;
            case FrameHeader.Headers when frame.StreamId > _lastStreamId:
                lock (_gate)
                {
                    _lastStreamId = frame.StreamId;
                    _openStreams.Add(frame.StreamId);
                }

                break;
            case FrameHeader.ResetStream:
                Close(frame.StreamId);
                break;
        }
    }

    private void OnSent(FrameHeader frame)
    {
        if (frame.Type is FrameHeader.Data or FrameHeader.Headers)
        {
            _policy.Forgive();
            if ((frame.Flags & FrameHeader.EndStream) != 0)
            {
                Close(frame.StreamId);
            }
        }
        else if (frame.Type == FrameHeader.ResetStream)
        {
            Close(frame.StreamId);
        }
    }

    private bool HasStreams()
    {
        lock (_gate)
        {
            return _openStreams.Count != 0;
        }
    }

    private void Close(int streamId)
    {
        lock (_gate)
        {
            _openStreams.Remove(streamId);
        }
    }
}
