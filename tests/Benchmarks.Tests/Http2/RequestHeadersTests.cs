using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class RequestHeadersTests
{
    private static readonly string[] Common =
        [":authority: host:1", "content-type: application/grpc", "user-agent: krewe-benchmarks", "te: trailers"];

    // What the encoder leaves out a decoder must find in its table, whatever the order of the paths.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_decoder_reads_every_block_back(bool serverIndexes)
    {
        var encoder = new RequestHeaders("host:1");
        encoder.OnServerTableSize(serverIndexes ? 4096 : 0);
        var decoder = new HpackDecoder(serverIndexes ? 4096 : 0);
        var lengths = new List<int>();
        foreach (var path in new[] { "/a", "/a", "/a", "/b", "/a", "/b", "/b", "/c", "/a" })
        {
            var block = encoder.Encode(path);
            lengths.Add(block.Length);
            string[] expected = [":method: POST", ":scheme: http", $":path: {path}", .. Common];
            Assert.Equal(expected, HeaderList.Decode(decoder, Convert.ToHexString(block)));
        }

        Assert.Equal(serverIndexes ? 7 : lengths[0], lengths[^1]);
    }

    [Fact]
    public void Token_is_in_every_block_after_it_was_given_and_is_indexed_like_the_rest()
    {
        var encoder = new RequestHeaders("host:1", isEncrypted: true);
        var decoder = new HpackDecoder(4096);
        string[] before = [":method: POST", ":scheme: https", ":path: /a", .. Common];
        Assert.Equal(before, Decode());
        Assert.Equal(before, Decode());
        encoder.UseToken("abc.12");
        string[] after = [.. before, "token: abc.12"];
        Assert.Equal(after, Decode());
        Assert.Equal(after, Decode());
        Assert.Equal(8, encoder.Encode("/a").Length);

        string[] Decode() => HeaderList.Decode(decoder, Convert.ToHexString(encoder.Encode("/a")));
    }
}
