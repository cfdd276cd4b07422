using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

public sealed class ConfCodecTests
{
    [Fact]
    public void Changes_keep_their_encoding()
    {
        var change = new ConfChange(
            ConfChangeTransition.JointExplicit,
            [new ConfChangeItem(ConfChangeKind.AddLearner, 300), new ConfChangeItem(ConfChangeKind.Remove, 1)],
            new byte[] { 7, 8 });
        byte[] bytes = ConfChangeCodec.Encode(change);
        Assert.Equal("01020201AC020201020708", Convert.ToHexString(bytes));
        Assert.True(ConfChangeCodec.TryDecode(bytes, out ConfChange decoded));
        Assert.Equal(change.Transition, decoded.Transition);
        Assert.Equal(change.Items, decoded.Items);
        Assert.Equal(change.Context.ToArray(), decoded.Context.ToArray());
        Assert.Equal("01000000", Convert.ToHexString(ConfChangeCodec.Encode(ConfChange.Leave)));
    }

    [Fact]
    public void Configurations_keep_their_encoding()
    {
        var state = new ConfState([3, 1], [1, 2], [4], [2], autoLeave: true);
        byte[] bytes = ConfStateCodec.Encode(state);
        Assert.Equal("01010201030201020104" + "0102", Convert.ToHexString(bytes));
        Assert.True(ConfStateCodec.TryDecode(bytes, out ConfState decoded));
        Assert.Equal(state, decoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02000000")]
    [InlineData("01030000")]
    [InlineData("0100010401")]
    [InlineData("0100000200")]
    [InlineData("0100FFFFFFFF0F")]
    public void Malformed_changes_are_refused(string hex) => Assert.False(ConfChangeCodec.TryDecode(Convert.FromHexString(hex), out _));

    [Theory]
    [InlineData("")]
    [InlineData("0200")]
    [InlineData("01020000")]
    [InlineData("0100020201000000")]
    [InlineData("01000100000000")]
    [InlineData("0100FFFFFFFF0F")]
    [InlineData("01000000000000")]
    public void Malformed_configurations_are_refused(string hex) => Assert.False(ConfStateCodec.TryDecode(Convert.FromHexString(hex), out _));
}
