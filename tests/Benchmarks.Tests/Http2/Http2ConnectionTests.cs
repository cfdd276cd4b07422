using System.Text;
using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class Http2ConnectionTests : IDisposable
{
    // ":status: 200", then "grpc-status: 0" as a literal without indexing.
    private static readonly byte[] Status200 = [0x88];
    private static readonly byte[] GrpcOk = [0x00, 11, .. Encoding.ASCII.GetBytes("grpc-status"), 1, (byte)'0'];

    private readonly ScriptedPeer _peer = new();
    private readonly RecordingHandler _handler = new();
    private readonly Http2Stream _stream;

    public Http2ConnectionTests() => _stream = new Http2Stream(_handler);

    public void Dispose() => _peer.Dispose();

    [Fact]
    public void Unary_call_sends_headers_and_a_framed_message()
    {
        Call([7, 8, 9]);
        var headers = _peer.ReadFrame();
        Assert.Equal((FrameType.Headers, FrameFlags.EndHeaders, 1), (headers.Header.Type, headers.Header.Flags, headers.Header.StreamId));
        var data = _peer.ReadFrame();
        Assert.Equal((FrameType.Data, FrameFlags.EndStream, 1), (data.Header.Type, data.Header.Flags, data.Header.StreamId));
        Assert.Equal([0, 0, 0, 0, 3, 7, 8, 9], data.Payload);
    }

    [Fact]
    public void Answer_may_be_padded_and_its_trailers_continued()
    {
        Call([1]);
        _peer.Send(FrameType.Headers, FrameFlags.EndHeaders, 1, Status200);
        _peer.Send(FrameType.Data, FrameFlags.Padded, 1, 2, 0, 0, 0, 0, 1, 0xab, 0, 0);
        _peer.Send(FrameType.Headers, FrameFlags.EndStream, 1, GrpcOk[..5]);
        Assert.Empty(_handler.Closed);
        _peer.Send(FrameType.Continuation, FrameFlags.EndHeaders, 1, GrpcOk[5..]);
        Assert.Equal(["AB"], _handler.Messages);
        Assert.True(Assert.Single(_handler.Closed).IsOk);
        Assert.Equal(0, _stream.Id);
    }

    [Fact]
    public void Message_waits_for_the_streams_window()
    {
        _peer.SendSetting(Http2Setting.InitialWindowSize, 10);
        Call(new byte[30]);
        _peer.ReadFrame();
        AssertData(_peer.ReadFrame(), 10, FrameFlags.None);
        _peer.Send(FrameType.WindowUpdate, FrameFlags.None, 1, 0, 0, 0, 20);
        AssertData(_peer.ReadFrame(), 20, FrameFlags.None);
        _peer.Send(FrameType.WindowUpdate, FrameFlags.None, 1, 0, 0, 0, 20);
        AssertData(_peer.ReadFrame(), 5, FrameFlags.EndStream);
    }

    [Fact]
    public void Message_waits_for_the_connections_window_and_is_cut_into_frames()
    {
        const int DefaultWindow = 65_535;
        _peer.SendSetting(Http2Setting.InitialWindowSize, 1_000_000);
        Call(new byte[DefaultWindow]);
        _peer.ReadFrame();
        var received = 0;
        while (received < DefaultWindow)
        {
            var data = _peer.ReadFrame();
            Assert.InRange(data.Header.Length, 1, 16_384);
            Assert.Equal(FrameFlags.None, data.Header.Flags);
            received += data.Header.Length;
        }

        _peer.Send(FrameType.WindowUpdate, FrameFlags.None, 0, 0, 0, 1, 0);
        AssertData(_peer.ReadFrame(), MessageAssembler.PrefixSize, FrameFlags.EndStream);
    }

    [Fact]
    public void A_later_setting_widens_the_windows_of_open_streams()
    {
        _peer.SendSetting(Http2Setting.InitialWindowSize, 10);
        Call(new byte[30]);
        _peer.ReadFrame();
        AssertData(_peer.ReadFrame(), 10, FrameFlags.None);
        var payload = new byte[Http2Setting.Size];
        Http2Setting.Write(payload, Http2Setting.InitialWindowSize, 100);
        _peer.Send(FrameType.Settings, FrameFlags.None, 0, payload);
        AssertData(_peer.ReadFrame(), 25, FrameFlags.EndStream);
    }

    [Fact]
    public void Ping_is_answered_with_its_payload()
    {
        _peer.Send(FrameType.Ping, FrameFlags.None, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        var pong = _peer.ReadFrame();
        Assert.Equal((FrameType.Ping, FrameFlags.Ack), (pong.Header.Type, pong.Header.Flags));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], pong.Payload);
    }

    [Fact]
    public void Received_data_is_acknowledged_before_the_window_is_used_up()
    {
        const int StreamWindow = 16 * 1024 * 1024;
        Call([1]);
        _peer.ReadFrame();
        _peer.ReadFrame();
        _peer.Send(FrameType.Headers, FrameFlags.EndHeaders, 1, Status200);
        // One gRPC message as large as the window, so that the stream never ends by itself.
        byte[] first = [0, 1, 0, 0, 0, .. new byte[16_379]];
        _peer.Send(FrameType.Data, FrameFlags.None, 1, first);
        var frames = (StreamWindow / 2 / 16_384) + 1;
        for (var sent = 1; sent < frames; sent++)
        {
            _peer.Send(FrameType.Data, FrameFlags.None, 1, new byte[16_384]);
        }

        var update = _peer.ReadFrame();
        Assert.Equal((FrameType.WindowUpdate, 1), (update.Header.Type, update.Header.StreamId));
        Assert.Equal(frames * 16_384, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(update.Payload));
    }

    [Theory]
    [InlineData(FrameType.RstStream, 1)]
    [InlineData(FrameType.GoAway, 0)]
    [InlineData(FrameType.PushPromise, 1)]
    [InlineData(FrameType.Data, 3)]
    [InlineData(FrameType.Headers, 3)]
    [InlineData(FrameType.Continuation, 1)]
    internal void Frames_that_end_or_break_the_call_are_errors(FrameType type, int streamId)
    {
        Call([1]);
        Assert.Throws<Http2Exception>(() => _peer.Send(type, FrameFlags.EndHeaders, streamId, new byte[8]));
    }

    [Fact]
    public void Stream_that_ends_inside_a_message_is_an_error()
    {
        Call([1]);
        _peer.Send(FrameType.Headers, FrameFlags.EndHeaders, 1, Status200);
        _peer.Send(FrameType.Data, FrameFlags.None, 1, 0, 0, 0, 0, 9, 1);
        Assert.Throws<Http2Exception>(() => _peer.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, GrpcOk));
    }

    private static void AssertData((FrameHeader Header, byte[] Payload) frame, int length, byte flags) =>
        Assert.Equal(new FrameHeader(length, FrameType.Data, flags, 1), frame.Header);

    private void Call(byte[] message)
    {
        _peer.Client.Start(_stream, "/service/Method");
        _peer.Client.SendMessage(_stream, message, endStream: true);
        _peer.Client.Flush();
    }
}
