using Krewe.Api.Grpc;

namespace Krewe.Api.Tests.Grpc;

public sealed class GrpcTextTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("99999999H", 359_999_996_400_000)]
    public void Timeouts_have_six_units(string text, long milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-1S")]
    [InlineData("1x")]
    [InlineData("123456789S")]
    public void Other_timeouts_are_malformed(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData("etcdserver: no leader", "etcdserver: no leader")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb\u00e9", "a%0Ab%C3%A9")]
    public void Messages_are_percent_encoded_where_needed(string text, string encoded) =>
        Assert.Equal(encoded, GrpcMessageText.Encode(text));

    [Theory]
    [InlineData("3.6", true, "3.6")]
    [InlineData("\u00c3\u00a9", true, "\u00e9")]
    [InlineData("3.\u00ff", false, null)]
    public void Api_versions_are_utf8_in_latin1(string header, bool valid, string? version)
    {
        Assert.Equal(valid, ClientApiVersion.TryRead(header, out var read));
        Assert.Equal(version, valid ? read : null);
    }
}
