using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Tests.Log;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_values_of_the_standard_come_out()
    {
        Assert.Equal(0xE3069283u, Crc32C.Append(0, "123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Append(0, new byte[32])); // RFC 3720 B.4: 32 bytes of zeroes
    }

    [Fact]
    public void A_checksum_can_be_continued()
    {
        Assert.Equal(Crc32C.Append(0, "123456789abcdefgh"u8), Crc32C.Append(Crc32C.Append(0, "123456789ab"u8), "cdefgh"u8));
    }
}
