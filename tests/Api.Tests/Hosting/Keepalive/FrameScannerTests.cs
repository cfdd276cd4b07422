using Krewe.Api.Hosting.Keepalive;

namespace Krewe.Api.Tests.Hosting.Keepalive;

public sealed class FrameScannerTests
{
    private static readonly byte[] Bytes =
    [
        .. "preface"u8,
        0, 0, 8, FrameHeader.Ping, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
        0, 0, 0, FrameHeader.Headers, 5, 0x80, 0, 1, 3,
        0, 1, 2, FrameHeader.Data, 1, 0, 0, 1, 3, .. new byte[0x102],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(1000)]
    public void Frames_are_found_however_the_bytes_are_cut(int cut)
    {
        var found = new List<FrameHeader>();
        var scanner = new FrameScanner("preface".Length, found.Add);
        foreach (var part in Bytes.Chunk(cut))
        {
            scanner.Scan(part);
        }

        Assert.Equal([new(FrameHeader.Ping, 0, 0), new(FrameHeader.Headers, 5, 0x103), new(FrameHeader.Data, 1, 0x103)], found);
        Assert.True(scanner.IsBetweenFrames);
        scanner.Scan([0]);
        Assert.False(scanner.IsBetweenFrames);
    }
}
