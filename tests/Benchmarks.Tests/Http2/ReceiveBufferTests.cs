using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class ReceiveBufferTests
{
    [Fact]
    public void Header_round_trips_and_ignores_the_reserved_bit()
    {
        var header = new FrameHeader(0x012345, FrameType.Headers, FrameFlags.EndHeaders, 0x7ffffffd);
        var bytes = new byte[FrameHeader.Size];
        header.Write(bytes);
        bytes[5] |= 0x80;
        Assert.Equal(header, FrameHeader.Read(bytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(4096)]
    public void Frames_come_out_whole_however_they_arrive(int chunk)
    {
        var random = new Random(chunk);
        var sent = new SendBuffer();
        var payloads = new List<byte[]>();
        for (var i = 0; i < 60; i++)
        {
            var payload = new byte[random.Next(0, 700)];
            random.NextBytes(payload);
            payloads.Add(payload);
            sent.AppendFrame(FrameType.Data, FrameFlags.None, i, payload);
        }

        // A small buffer, so that it must move its contents.
        var buffer = new ReceiveBuffer(1500, 700);
        var received = 0;
        var bytes = sent.Pending;
        while (!bytes.IsEmpty)
        {
            var free = buffer.Free();
            var count = Math.Min(Math.Min(chunk, free.Length), bytes.Length);
            bytes[..count].CopyTo(free);
            bytes = bytes[count..];
            buffer.Commit(count);
            while (buffer.TryReadFrame(out var header, out var payload))
            {
                Assert.Equal(received, header.StreamId);
                Assert.Equal(payloads[received++], payload.ToArray());
            }
        }

        Assert.Equal(payloads.Count, received);
    }

    [Fact]
    public void Oversize_frame_is_refused()
    {
        var buffer = new ReceiveBuffer();
        new FrameHeader(ReceiveBuffer.DefaultMaxFrameSize + 1, FrameType.Data, 0, 1).Write(buffer.Free());
        buffer.Commit(FrameHeader.Size);
        Assert.Throws<Http2Exception>(() => buffer.TryReadFrame(out _, out _));
    }

    [Fact]
    public void Send_buffer_keeps_order_over_partial_writes_and_growth()
    {
        var buffer = new SendBuffer();
        var expected = new List<byte>();
        var actual = new List<byte>();
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            expected.AddRange(bytes);
            bytes.CopyTo(buffer.Append(bytes.Length));
            var taken = random.Next(0, buffer.Pending.Length + 1) / 2;
            actual.AddRange(buffer.Pending[..taken]);
            buffer.Consume(taken);
        }

        actual.AddRange(buffer.Pending);
        Assert.Equal(expected, actual);
    }
}
