using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

public sealed class GoNumberTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("0x1F", 31UL)]
    [InlineData("0b101", 5UL)]
    [InlineData("0o17", 15UL)]
    [InlineData("017", 15UL)]
    [InlineData("0x_ff", 255UL)]
    public void Unsigned_notations_are_read(string text, ulong expected)
    {
        Assert.True(GoNumber.TryParseUnsigned(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("18446744073709551616")]
    [InlineData("0x10000000000000000")]
    [InlineData("1_000")]
    [InlineData("08")]
    [InlineData("0x")]
    [InlineData("1a")]
    [InlineData(" 1")]
    public void Other_texts_are_no_unsigned_integers(string text) => Assert.False(GoNumber.TryParseUnsigned(text, out _));

    [Theory]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("+5", 5)]
    [InlineData("-0x10", -16)]
    public void Signed_notations_are_read(string text, long expected)
    {
        Assert.True(GoNumber.TryParseSigned(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("--1")]
    [InlineData("-")]
    public void Other_texts_are_no_signed_integers(string text) => Assert.False(GoNumber.TryParseSigned(text, out _));
}
