using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Mvcc;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Tests.Messages;

/// <summary>The readers against the generated types.</summary>
public sealed class ResponseReaderTests
{
    private static readonly ResponseHeader Header = new() { ClusterId = ulong.MaxValue, MemberId = 1, Revision = 1L << 40, RaftTerm = 2 };

    [Fact]
    public void Revision_of_a_put() =>
        Assert.Equal(1L << 40, ResponseReader.ReadRevision(new PutResponse { Header = Header }.ToByteArray()));

    [Fact]
    public void Missing_header_reads_as_revision_zero() => Assert.Equal(0, ResponseReader.ReadRevision([]));

    [Fact]
    public void Range_counts_its_kvs()
    {
        var response = new RangeResponse { Header = Header, Count = 9, More = true };
        response.Kvs.Add([new KeyValue { Key = ByteString.CopyFromUtf8("a"), Version = 1 }, new KeyValue()]);
        Assert.Equal((1L << 40, 2), ResponseReader.ReadRange(response.ToByteArray()));
    }

    [Fact]
    public void Txn_tells_its_outcome()
    {
        var response = new TxnResponse { Header = Header, Succeeded = true };
        response.Responses.Add(new ResponseOp { ResponsePut = new PutResponse() });
        Assert.Equal((1L << 40, true, 1), ResponseReader.ReadTxn(response.ToByteArray()));
        Assert.Equal((0, false, 0), ResponseReader.ReadTxn([]));
    }

    [Fact]
    public void Lease_tells_id_and_ttl() =>
        Assert.Equal((77, 60), ResponseReader.ReadLease(new LeaseKeepAliveResponse { Header = Header, ID = 77, TTL = 60 }.ToByteArray()));

    [Fact]
    public void Watch_response_yields_its_events()
    {
        var response = new WatchResponse { Header = Header, WatchId = 5 };
        response.Events.Add(new Event { Kv = new KeyValue { ModRevision = 8, Value = ByteString.CopyFromUtf8("x") } });
        response.Events.Add(new Event { Type = Event.Types.EventType.Delete, Kv = new KeyValue { ModRevision = 9 } });
        var reader = new WatchResponseReader(response.ToByteArray());
        Assert.Equal(5, reader.WatchId);
        Assert.False(reader.IsCreated || reader.IsCanceled);
        Assert.True(reader.TryReadEvent(out var revision, out var value));
        Assert.Equal(8, revision);
        Assert.Equal("x"u8.ToArray(), value.ToArray());
        Assert.True(reader.TryReadEvent(out revision, out _));
        Assert.Equal(9, revision);
        Assert.False(reader.TryReadEvent(out _, out _));
        Assert.True(new WatchResponseReader(new WatchResponse { Created = true }.ToByteArray()).IsCreated);
        Assert.True(new WatchResponseReader(new WatchResponse { Canceled = true }.ToByteArray()).IsCanceled);
    }

    [Theory]
    [InlineData("0a")]
    [InlineData("0a05")]
    [InlineData("ff")]
    [InlineData("0b")]
    [InlineData("08ffffffffffffffffffff01")]
    public void Malformed_messages_are_refused(string hex) =>
        Assert.Throws<BenchmarkException>(() => ResponseReader.ReadLease(Convert.FromHexString(hex)));
}
