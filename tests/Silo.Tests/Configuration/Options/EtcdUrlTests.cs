using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Tests.Configuration.Options;

/// <summary>Behaviour 242: what is a URL of a member.</summary>
public sealed class EtcdUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:2379", "http://127.0.0.1:2379")]
    [InlineData(" HTTPS://example.com:1 ", "https://example.com:1")]
    [InlineData("http://[::1]:2379", "http://[::1]:2379")]
    [InlineData("http://:80", "http://:80")]
    [InlineData("unix:///run/x.sock", "unix:///run/x.sock")]
    public void Good_urls_have_a_normal_form(string text, string expected)
    {
        Assert.True(EtcdUrl.TryParse(text, out var url, out var error), error);
        Assert.Equal(expected, url.ToString());
    }

    [Theory]
    [InlineData("", "URL scheme must be")]
    [InlineData("localhost:2379", "URL scheme must be")]
    [InlineData("ftp://a:1", "URL scheme must be")]
    [InlineData("http://a", "does not have the form")]
    [InlineData("http://a:", "does not have the form")]
    [InlineData("http://a:x", "does not have the form")]
    [InlineData("http://a:65536", "does not have the form")]
    [InlineData("http://::1:2379", "does not have the form")]
    [InlineData("http://[zz]:1", "does not have the form")]
    [InlineData("http://u@a:1", "does not have the form")]
    [InlineData("http://a:1/", "must not contain a path")]
    [InlineData("http://a:1/v3", "must not contain a path")]
    [InlineData("http://a:1?q=1", "must not contain a path")]
    public void Bad_urls_are_refused(string text, string expected)
    {
        Assert.False(EtcdUrl.TryParse(text, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_sorted_and_without_duplicates()
    {
        Assert.True(EtcdUrl.TryParseList("http://b:1,http://a:1,http://b:1", out var urls, out _));
        Assert.Equal(["http://a:1", "http://b:1"], urls.Select(url => url.ToString()));
    }
}
