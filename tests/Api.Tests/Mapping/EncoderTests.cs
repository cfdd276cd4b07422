using System.Buffers;
using CsCheck;
using Google.Protobuf;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Mvcc;
using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using KeyValue = Krewe.Grains.Interfaces.Kv.KeyValue;

namespace Krewe.Api.Tests.Mapping;

/// <summary>The hand-written encoders against Google's: the same bytes for every message.</summary>
public sealed class EncoderTests
{
    private static readonly ResponseHeaderValue Header = new(0xC1, ulong.MaxValue, 42, 7);

    [Fact]
    public void Ranges() => Gens.Range.Sample(result =>
        AssertSame(Proto(Header, result), RangeResponseEncoder.Size(Header, result), (ref ProtoWriter w) => RangeResponseEncoder.Write(ref w, Header, result)));

    [Fact]
    public void Ranges_without_header() => Gens.Range.Sample(result =>
        AssertSame(Proto(null, result), RangeResponseEncoder.Size(null, result), (ref ProtoWriter w) => RangeResponseEncoder.Write(ref w, null, result)));

    [Fact]
    public void Puts() => Gens.Put.Sample(result =>
        AssertSame(Proto(Header, result), PutResponseEncoder.Size(Header, result), (ref ProtoWriter w) => PutResponseEncoder.Write(ref w, Header, result)));

    [Fact]
    public void Deletes() => Gens.Delete.Sample(result =>
        AssertSame(Proto(Header, result), DeleteRangeResponseEncoder.Size(Header, result), (ref ProtoWriter w) => DeleteRangeResponseEncoder.Write(ref w, Header, result)));

    [Fact]
    public void Transactions() => Gens.Txn(3).Sample(result =>
        AssertSame(Proto(Header, result), TxnResponseEncoder.Shared.Measure(Header, result), (ref ProtoWriter w) => TxnResponseEncoder.Shared.Write(ref w, Header, result)));

    [Fact]
    public void Watch_responses_and_events() =>
        Gen.Select(Gen.Bool, Gens.Kv, Gens.Kv, Gen.Bool, Gen.Long, Gen.Bool).Sample((isDelete, kv, prev, withPrev, id, created) =>
        {
            var watchEvent = new WatchEvent(isDelete, kv, prev);
            var encoded = WatchEventEncoder.Encode(watchEvent, withPrev);
            var value = new WatchResponseValue
            {
                Header = Header,
                WatchId = id,
                Created = created,
                Canceled = !created,
                CompactRevision = id,
                CancelReason = created ? null : "why \u00e9",
                Fragment = created,
            };
            var expected = new WatchResponse
            {
                Header = Proto(Header),
                WatchId = id,
                Created = created,
                Canceled = !created,
                CompactRevision = id,
                CancelReason = created ? "" : "why \u00e9",
                Fragment = created,
                Events =
                {
                    new Event
                    {
                        Type = isDelete ? Event.Types.EventType.Delete : Event.Types.EventType.Put,
                        Kv = Proto(kv),
                        PrevKv = withPrev ? Proto(prev) : null,
                    },
                },
            };

            AssertSame(expected, value.Size + encoded.Length, (ref ProtoWriter w) =>
            {
                value.Write(ref w);
                w.Raw(encoded);
            });
            Assert.Same(encoded, WatchEventEncoder.Encode(watchEvent, withPrev));
        });

    private delegate void Write(ref ProtoWriter writer);

    private static void AssertSame(IMessage expected, int size, Write write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(buffer);
        write(ref writer);
        writer.Flush();
        Assert.Equal(expected.ToByteArray(), buffer.WrittenSpan.ToArray());
        Assert.Equal(buffer.WrittenCount, size);
    }

    private static ResponseHeader Proto(in ResponseHeaderValue h) =>
        new() { ClusterId = h.ClusterId, MemberId = h.MemberId, Revision = h.Revision, RaftTerm = h.RaftTerm };

    private static Protos.Mvcc.KeyValue Proto(KeyValue kv) => new()
    {
        Key = ByteString.CopyFrom(kv.Key.Span),
        CreateRevision = kv.CreateRevision,
        ModRevision = kv.ModRevision,
        Version = kv.Version,
        Value = ByteString.CopyFrom(kv.Value.Span),
        Lease = kv.Lease,
    };

    private static RangeResponse Proto(ResponseHeaderValue? header, RangeResult result) => new()
    {
        Header = header is { } h ? Proto(h) : null,
        Kvs = { result.Kvs.Select(Proto) },
        More = result.More,
        Count = result.Count,
    };

    private static PutResponse Proto(in ResponseHeaderValue header, PutResult result) =>
        new() { Header = Proto(header), PrevKv = result.PrevKv is { } kv ? Proto(kv) : null };

    private static DeleteRangeResponse Proto(in ResponseHeaderValue header, DeleteRangeResult result) =>
        new() { Header = Proto(header), Deleted = result.Deleted, PrevKvs = { result.PrevKvs.Select(Proto) } };

    private static TxnResponse Proto(in ResponseHeaderValue header, TxnResult result) =>
        new() { Header = Proto(header), Succeeded = result.Succeeded, Responses = { result.Responses.Select(ProtoOp) } };

    private static ResponseOp ProtoOp(KvResult result)
    {
        var inner = ResponseHeaderValue.Inner(result.Revision);
        return result switch
        {
            RangeResult range => new ResponseOp { ResponseRange = Proto(inner, range) },
            PutResult put => new ResponseOp { ResponsePut = Proto(inner, put) },
            DeleteRangeResult delete => new ResponseOp { ResponseDeleteRange = Proto(inner, delete) },
            _ => new ResponseOp { ResponseTxn = Proto(default(ResponseHeaderValue), (TxnResult)result) },
        };
    }
}
