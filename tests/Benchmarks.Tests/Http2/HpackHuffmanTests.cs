using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class HpackHuffmanTests
{
    // A prefix code without gaps fills the unit interval exactly; one wrong length breaks that.
    [Fact]
    public void Lengths_form_a_complete_code()
    {
        const int Longest = 30;
        long filled = 0;
        for (var symbol = 0; symbol <= HpackHuffman.EndOfString; symbol++)
        {
            filled += 1L << (Longest - HpackHuffman.LengthOf(symbol));
        }

        Assert.Equal(1L << Longest, filled);
    }

    // Single symbols of RFC 7541 appendix B, padded with ones.
    [Theory]
    [InlineData("07", '0')]
    [InlineData("ff3f", '?')]
    [InlineData("fe3f", '!')]
    [InlineData("ffaf", '#')]
    [InlineData("ffcf", '$')]
    [InlineData("ff5f", '\'')]
    [InlineData("f8", '&')]
    [InlineData("fff9", '<')]
    [InlineData("fffe1f", '\\')]
    [InlineData("ffef", '~')]
    [InlineData("fff3", '^')]
    [InlineData("fd", 'Z')]
    [InlineData("f7", 'z')]
    [InlineData("ff9f", '|')]
    [InlineData("fffffbbf", '\u00ff')]
    [InlineData("fffe6f", '\u0080')]
    [InlineData("ffc7", '\u0000')]
    [InlineData("ffffb1", '\u0001')]
    [InlineData("fffffff3", '\n')]
    public void Single_symbols_decode(string hex, char symbol) =>
        Assert.Equal(symbol.ToString(), HpackHuffman.Decode(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("ff")]
    [InlineData("0700")]
    [InlineData("ffffffff")]
    [InlineData("00")]
    public void Bad_padding_and_end_of_string_are_refused(string hex) =>
        Assert.Throws<Http2Exception>(() => HpackHuffman.Decode(Convert.FromHexString(hex)));
}
