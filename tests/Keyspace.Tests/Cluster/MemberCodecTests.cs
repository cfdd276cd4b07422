using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Keyspace.Tests.Cluster;

public sealed class MemberCodecTests
{
    private const string Golden =
        "014d6921059ce0e988" + "0764656661756c74" + "01" + "15687474703a2f2f6c6f63616c686f73743a32333830" + "00" + "01";

    private static readonly Member Sample = new(0x88e9e09c0521694d, "default", ["http://localhost:2380"], [], IsLearner: true);

    [Fact]
    public void The_format_is_fixed() => Assert.Equal(Golden, Convert.ToHexStringLower(MemberCodec.Encode(Sample)));

    [Fact]
    public void A_member_reads_back()
    {
        var read = MemberCodec.Decode(Convert.FromHexString(Golden));
        Assert.Equal(Sample.Id, read.Id);
        Assert.Equal(Sample.Name, read.Name);
        Assert.Equal(Sample.PeerUrls, read.PeerUrls);
        Assert.Empty(read.ClientUrls);
        Assert.True(read.IsLearner);
    }

    [Fact]
    public void A_newer_format_is_refused() => Assert.Throws<InvalidDataException>(() => MemberCodec.Decode([2, 0, 0]));
}
