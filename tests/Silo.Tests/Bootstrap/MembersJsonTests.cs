using System.Text;
using System.Text.Json;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Silo.Bootstrap;

namespace Krewe.Silo.Tests.Bootstrap;

public sealed class MembersJsonTests
{
    [Fact]
    public void It_is_written_as_etcd_writes_it_and_read_back()
    {
        Member[] members =
        [
            new(ulong.MaxValue, "m1", ["http://127.0.0.1:2380"], ["http://127.0.0.1:2379"], false),
            new(7, "", ["http://127.0.0.1:3380"], [], true),
        ];

        var text = MembersJson.Write(members);

        Assert.Equal(
            """[{"id":18446744073709551615,"peerURLs":["http://127.0.0.1:2380"],"name":"m1","clientURLs":["http://127.0.0.1:2379"]},"""
            + """{"id":7,"peerURLs":["http://127.0.0.1:3380"],"isLearner":true}]""" + "\n",
            Encoding.UTF8.GetString(text));
        var read = MembersJson.Read(text);
        Assert.Equal([7UL, ulong.MaxValue], read.Select(m => m.Id));
        Assert.True(read[0].IsLearner);
        Assert.Equal(members[0].ClientUrls, read[1].ClientUrls);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[7]")]
    [InlineData("""[{"id":-1}]""")]
    [InlineData("""[{"id":1,"peerURLs":"x"}]""")]
    [InlineData("404 page not found")]
    public void Other_text_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => MembersJson.Read(Encoding.UTF8.GetBytes(text)));
}
