using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class ResponseHeadTests
{
    [Fact]
    public void Success_needs_both_statuses()
    {
        var head = new ResponseHead();
        Assert.False(head.IsOk);
        head.OnHeader(new HeaderField(":status", "200"));
        Assert.False(head.IsOk);
        head.OnHeader(new HeaderField("grpc-status", "0"));
        Assert.True(head.IsOk);
        head.Reset();
        Assert.False(head.IsOk);
    }

    [Fact]
    public void Error_text_is_unescaped()
    {
        var head = new ResponseHead();
        head.OnHeader(new HeaderField(":status", "200"));
        head.OnHeader(new HeaderField("grpc-status", "11"));
        head.OnHeader(new HeaderField("grpc-message", "etcdserver: mvcc%3A required"));
        Assert.False(head.IsOk);
        Assert.Equal("etcdserver: mvcc: required", head.GrpcMessage);
    }

    [Fact]
    public void Status_that_is_no_number_is_refused() =>
        Assert.Throws<Http2Exception>(() => new ResponseHead().OnHeader(new HeaderField("grpc-status", "x")));
}
