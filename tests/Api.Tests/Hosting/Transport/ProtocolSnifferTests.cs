using System.IO.Pipelines;
using System.Text;
using Krewe.Api.Hosting.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Api.Tests.Hosting.Transport;

public sealed class ProtocolSnifferTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Pipe _pipe = new();
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "Http2")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore", "Http2")]
    [InlineData("GET / HTTP/1.1\r\n", "Http1")]
    [InlineData("PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n", "Http1")]
    [InlineData("PUT", "Http1")]
    [InlineData("\u0016\u0003\u0001", "Tls")]
    [InlineData("\u0015\u0003\u0001", "Http1")]
    public async Task The_first_bytes_tell_and_stay(string sent, string expected)
    {
        await _pipe.Writer.WriteAsync(Encoding.Latin1.GetBytes(sent));

        Assert.Equal(expected, (await SniffAsync()).ToString());
        Assert.True(_pipe.Reader.TryRead(out var again));
        Assert.Equal(sent, Encoding.Latin1.GetString(again.Buffer));
    }

    [Fact]
    public async Task The_preface_may_come_byte_by_byte()
    {
        var sniff = SniffAsync();
        foreach (var b in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray())
        {
            Assert.False(sniff.IsCompleted);
            await _pipe.Writer.WriteAsync(new[] { b });
        }

        Assert.Equal(SniffedProtocol.Http2, await sniff);
        Assert.True(_pipe.Reader.TryRead(out var again));
        Assert.Equal(24, again.Buffer.Length);
    }

    [Fact]
    public async Task Silence_is_given_up_on()
    {
        var sniff = SniffAsync();
        await _pipe.Writer.WriteAsync("PRI"u8.ToArray());

        _time.Advance(Timeout);

        Assert.Equal(SniffedProtocol.Nothing, await sniff);
    }

    [Fact]
    public async Task A_close_ends_the_wait()
    {
        var sniff = SniffAsync();

        await _pipe.Writer.CompleteAsync();

        Assert.Equal(SniffedProtocol.Nothing, await sniff);
    }

    private Task<SniffedProtocol> SniffAsync() => ProtocolSniffer.SniffAsync(_pipe.Reader, Timeout, _time, CancellationToken.None).AsTask();
}
