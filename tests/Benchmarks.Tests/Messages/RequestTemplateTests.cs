using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Tests.Messages;

public sealed class RequestTemplateTests
{
    [Theory]
    [InlineData(16, 8)]
    [InlineData(32, 253)]
    [InlineData(300, 70_000)]
    public void Every_placeholder_is_filled(int keySize, int valueSize)
    {
        var keys = new KeySpace(1000, keySize);
        var values = new ValuePool(valueSize, 1);
        var request = new TxnRequest();
        for (var i = 0; i < 3; i++)
        {
            request.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = keys.PlaceholderString(i), Value = values.PlaceholderString } });
        }

        var template = new RequestTemplate(request, keys, values, 0, 1, 2);
        var filled = TxnRequest.Parser.ParseFrom(template.Fill(41, new SplitMix(1)));
        for (var i = 0; i < 3; i++)
        {
            var put = filled.Success[i].RequestPut;
            Assert.Equal("bench/" + (41 + i).ToString().PadLeft(keySize - 6, '0'), put.Key.ToStringUtf8());
            Assert.Equal(valueSize, put.Value.Length);
            Assert.NotEqual(values.PlaceholderString, put.Value);
        }

        Assert.NotEqual(filled.Success[0].RequestPut.Value, filled.Success[1].RequestPut.Value);
    }

    [Fact]
    public void Value_offset_points_at_the_value()
    {
        var (keys, values) = (new KeySpace(1000, 16), new ValuePool(16, 1));
        var template = new RequestTemplate(new PutRequest { Key = keys.PlaceholderString(), Value = values.PlaceholderString }, keys, values, 0);
        var bytes = template.Fill(0, new SplitMix(1));
        var value = PutRequest.Parser.ParseFrom(bytes).Value;
        Assert.Equal(value, ByteString.CopyFrom(bytes.Slice(template.ValueOffset, 16)));
    }

    [Fact]
    public void Random_stays_below_its_bound_and_repeats_with_its_seed()
    {
        var (first, second) = (new SplitMix(9), new SplitMix(9));
        for (var i = 0; i < 1000; i++)
        {
            var value = first.Next(7);
            Assert.InRange(value, 0, 6);
            Assert.Equal(value, second.Next(7));
        }
    }
}
