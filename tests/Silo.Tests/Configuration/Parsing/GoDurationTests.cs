using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0, "0s")]
    [InlineData("5s", 50_000_000, "5s")]
    [InlineData("1h15m30.918s", 45_309_180_000, "1h15m30.918s")]
    [InlineData("2h", 72_000_000_000, "2h0m0s")]
    [InlineData("90m", 54_000_000_000, "1h30m0s")]
    [InlineData("1.5ms", 15_000, "1.5ms")]
    [InlineData("300ns", 3, "0.3µs")]
    [InlineData("2us", 20, "2µs")]
    [InlineData("2µs", 20, "2µs")]
    [InlineData("-1m", -600_000_000, "-1m0s")]
    [InlineData("+.5s", 5_000_000, "500ms")]
    public void Gos_notation_is_read_and_written(string text, long expectedTicks, string expectedText)
    {
        Assert.True(GoDuration.TryParse(text, out var value));
        Assert.Equal((expectedTicks, expectedText), (value.Ticks, GoDuration.Format(value)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("-")]
    [InlineData("5 s")]
    [InlineData("1d")]
    [InlineData("5S")]
    [InlineData("9223372036854775808ns")]
    [InlineData("2562048h")]
    [InlineData("99999999999999999999999999999999h")]
    [InlineData("2000000h2000000h")]
    public void What_go_refuses_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
