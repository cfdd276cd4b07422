using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

/// <summary>The examples of RFC 7541 appendix C, and malformed blocks.</summary>
public sealed class HpackDecoderTests
{
    [Fact]
    public void Literal_with_indexing_enters_the_table()
    {
        var decoder = new HpackDecoder();
        Assert.Equal(["custom-key: custom-header"], HeaderList.Decode(decoder, "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
        Assert.Equal(55, decoder.TableSize);
        Assert.Equal(["custom-key: custom-header"], HeaderList.Decode(decoder, "be"));
    }

    [Fact]
    public void Literals_without_indexing_stay_out_of_the_table()
    {
        var decoder = new HpackDecoder();
        Assert.Equal([":path: /sample/path"], HeaderList.Decode(decoder, "040c 2f73 616d 706c 652f 7061 7468"));
        Assert.Equal(["password: secret"], HeaderList.Decode(decoder, "1008 7061 7373 776f 7264 0673 6563 7265 74"));
        Assert.Equal(0, decoder.TableSize);
    }

    [Fact]
    public void Requests_with_huffman_share_the_table()
    {
        var decoder = new HpackDecoder();
        string[] start = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
        Assert.Equal(start, HeaderList.Decode(decoder, "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"));
        Assert.Equal([.. start, "cache-control: no-cache"], HeaderList.Decode(decoder, "8286 84be 5886 a8eb 1064 9cbf"));
        Assert.Equal(
            [":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"],
            HeaderList.Decode(decoder, "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"));
        Assert.Equal(164, decoder.TableSize);
    }

    [Fact]
    public void Responses_with_huffman_evict_the_oldest_entries()
    {
        var decoder = new HpackDecoder(256);
        const string Date = "date: Mon, 21 Oct 2013 20:13:21 GMT";
        const string Location = "location: https://www.example.com";
        Assert.Equal(
            [":status: 302", "cache-control: private", Date, Location],
            HeaderList.Decode(
                decoder,
                "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"));
        Assert.Equal(222, decoder.TableSize);
        Assert.Equal([":status: 307", "cache-control: private", Date, Location], HeaderList.Decode(decoder, "4883 640e ffc1 c0bf"));
        Assert.Equal(222, decoder.TableSize);
        Assert.Equal(
            [
                ":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT", Location, "content-encoding: gzip",
                "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            ],
            HeaderList.Decode(
                decoder,
                "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07"));
        Assert.Equal(215, decoder.TableSize);
    }

    [Fact]
    public void Size_update_to_zero_empties_the_table()
    {
        var decoder = new HpackDecoder();
        HeaderList.Decode(decoder, "4001 61 01 62");
        Assert.NotEqual(0, decoder.TableSize);
        HeaderList.Decode(decoder, "20");
        Assert.Equal(0, decoder.TableSize);
        Assert.Throws<Http2Exception>(() => HeaderList.Decode(decoder, "be"));
    }

    [Fact]
    public void Many_entries_keep_their_order_as_the_ring_grows_and_wraps()
    {
        var decoder = new HpackDecoder();
        for (var i = 0; i < 300; i++)
        {
            HeaderList.Decode(decoder, $"4001 61 02 {i:x4}");
            Assert.Equal($"a: {(char)(i >> 8)}{(char)(i & 0xff)}", HeaderList.Decode(decoder, "be")[0]);
            Assert.Equal($"a: {(char)(Math.Max(0, i - 40) >> 8)}{(char)(Math.Max(0, i - 40) & 0xff)}", HeaderList.Decode(decoder, $"{0xbe + Math.Min(i, 40):x2}")[0]);
        }
    }

    [Theory]
    [InlineData("80")]
    [InlineData("be")]
    [InlineData("ff")]
    [InlineData("ffffffffff7f")]
    [InlineData("400a6375")]
    [InlineData("40")]
    [InlineData("3fe21f")]
    [InlineData("008161")]
    public void Malformed_blocks_are_refused(string hex) =>
        Assert.Throws<Http2Exception>(() => HeaderList.Decode(new HpackDecoder(), hex));
}
