using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class FramePaddingTests
{
    [Fact]
    public void Padding_and_priority_are_removed()
    {
        var header = new FrameHeader(0, FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority, 1);
        byte[] payload = [2, 0, 0, 0, 0, 16, 0xaa, 0xbb, 0, 0];
        Assert.Equal([0xaa, 0xbb], FramePadding.Strip(header, payload).ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0400")]
    public void Padding_beyond_the_frame_is_refused(string hex)
    {
        var header = new FrameHeader(0, FrameType.Data, FrameFlags.Padded, 1);
        Assert.Throws<Http2Exception>(() => FramePadding.Strip(header, Convert.FromHexString(hex)).Length);
    }
}
