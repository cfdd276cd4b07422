using System.Buffers;
using CsCheck;
using Google.Protobuf;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Grains.Interfaces.Errors;
using Dto = Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Tests.Mapping;

/// <summary>The hand-written decoders against messages that Google's library encoded.</summary>
public sealed class DecoderTests
{
    private static readonly Gen<long> Number = Gen.OneOf(Gen.Const(0L), Gen.Long[1, 300], Gen.Long);

    private static readonly Gen<ByteString> Bytes =
        Gen.OneOf(Gen.Byte.Array[0, 30], Gen.Byte.Array[2_000, 6_000]).Select(b => ByteString.CopyFrom(b));

    private static readonly Gen<RangeRequest> Range =
        Gen.Select(Bytes, Bytes, Number, Number, Gen.Int[-3, 9], Gen.Int[-3, 9], Gen.Int[0, 7], Number.Array[4])
            .Select((key, end, limit, revision, order, target, flags, bounds) => new RangeRequest
            {
                Key = key,
                RangeEnd = end,
                Limit = limit,
                Revision = revision,
                SortOrder = (RangeRequest.Types.SortOrder)order,
                SortTarget = (RangeRequest.Types.SortTarget)target,
                Serializable = (flags & 1) != 0,
                KeysOnly = (flags & 2) != 0,
                CountOnly = (flags & 4) != 0,
                MinModRevision = bounds[0],
                MaxModRevision = bounds[1],
                MinCreateRevision = bounds[2],
                MaxCreateRevision = bounds[3],
            });

    private static readonly Gen<PutRequest> Put =
        Gen.Select(Bytes, Bytes, Number, Gen.Int[0, 7]).Select((key, value, lease, flags) => new PutRequest
        {
            Key = key,
            Value = value,
            Lease = lease,
            PrevKv = (flags & 1) != 0,
            IgnoreValue = (flags & 2) != 0,
            IgnoreLease = (flags & 4) != 0,
        });

    private static readonly Gen<DeleteRangeRequest> Delete =
        Gen.Select(Bytes, Bytes, Gen.Bool).Select((key, end, prev) => new DeleteRangeRequest { Key = key, RangeEnd = end, PrevKv = prev });

    private static readonly Gen<Compare> Comparison =
        Gen.Select(Bytes, Bytes, Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 5], Number, Bytes)
            .Select((key, end, result, target, union, number, value) =>
            {
                var compare = new Compare
                {
                    Key = key,
                    RangeEnd = end,
                    Result = (Compare.Types.CompareResult)result,
                    Target = (Compare.Types.CompareTarget)target,
                };
                switch (union)
                {
                    case 0: compare.Version = number; break;
                    case 1: compare.CreateRevision = number; break;
                    case 2: compare.ModRevision = number; break;
                    case 3: compare.Value = value; break;
                    case 4: compare.Lease = number; break;
                }

                return compare;
            });

    [Fact]
    public void Ranges() => Range.Sample(m => BothWays(m, RangeRequestDecoder.Decode, AssertSame));

    [Fact]
    public void Puts() => Put.Sample(m => BothWays(m, PutRequestDecoder.Decode, AssertSame));

    [Fact]
    public void Deletes() => Delete.Sample(m => BothWays(m, DeleteRangeRequestDecoder.Decode, AssertSame));

    [Fact]
    public void Transactions() => Txn(2).Sample(m => BothWays(m, TxnRequestDecoder.Decode, AssertSame));

    [Fact]
    public void Random_bytes_are_read_or_refused_but_never_crash() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            PayloadDecoder.Read(new ReadOnlySequence<byte>(bytes), TxnRequestDecoder.Decode);
        }
        catch (InvalidDataException)
        {
            // Refused.
        }
    });

    [Fact]
    public void Unknown_fields_are_skipped()
    {
        var known = new PutRequest { Key = ByteString.CopyFromUtf8("k"), Lease = 5 };

        // Fields 100 (varint), 101 (eight bytes), 102 (bytes) and 103 (four bytes).
        byte[] unknown = [0xA0, 6, 1, 0xA9, 6, 1, 2, 3, 4, 5, 6, 7, 8, 0xB2, 6, 1, 9, 0xBD, 6, 1, 2, 3, 4];
        byte[] bytes = [.. unknown, .. known.ToByteArray(), .. unknown];

        Assert.Equal(known, PutRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes));
        AssertSame(known, PayloadDecoder.Read(new ReadOnlySequence<byte>(bytes), PutRequestDecoder.Decode));
    }

    [Fact]
    public void Endless_nesting_is_refused_behaviour_80()
    {
        var bytes = new TxnRequest().ToByteArray();
        for (var i = 0; i < TxnRequestDecoder.MaxDepth + 2; i++)
        {
            bytes = Wrap(2, Wrap(4, bytes));
        }

        var error = Assert.Throws<EtcdException>(() => PayloadDecoder.Read(new ReadOnlySequence<byte>(bytes), TxnRequestDecoder.Decode));

        Assert.Equal(EtcdError.TooManyOps, error.Error);
    }

    private static byte[] Wrap(int field, byte[] inner)
    {
        using var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(inner));
        output.Flush();
        return stream.ToArray();
    }

    private static Gen<TxnRequest> Txn(int depth)
    {
        Gen<RequestOp>[] leaves =
        [
            Range.Select(r => new RequestOp { RequestRange = r }),
            Put.Select(r => new RequestOp { RequestPut = r }),
            Delete.Select(r => new RequestOp { RequestDeleteRange = r }),
            Gen.Const(new RequestOp()),
        ];
        var op = depth == 0 ? Gen.OneOf(leaves) : Gen.OneOf([.. leaves, Txn(depth - 1).Select(t => new RequestOp { RequestTxn = t })]);
        return Gen.Select(Comparison.Array[0, 3], op.Array[0, 3], op.Array[0, 3])
            .Select((compare, success, failure) => new TxnRequest { Compare = { compare }, Success = { success }, Failure = { failure } });
    }

    // In one piece and torn into segments.
    private static void BothWays<TProto, TDto>(TProto message, PayloadDecoder.Decode<TDto> decode, Action<TProto, TDto> assertSame)
        where TProto : IMessage
    {
        var bytes = message.ToByteArray();
        assertSame(message, PayloadDecoder.Read(new ReadOnlySequence<byte>(bytes), decode));
        assertSame(message, PayloadDecoder.Read(Segments.Tear(bytes, 7), decode));
    }

    private static void AssertSame(ByteString expected, ReadOnlyMemory<byte> actual) => Assert.True(expected.Span.SequenceEqual(actual.Span));

    private static void AssertSame(RangeRequest expected, Dto.RangeRequest actual)
    {
        AssertSame(expected.Key, actual.Key);
        AssertSame(expected.RangeEnd, actual.RangeEnd);
        Assert.Equal((expected.Limit, expected.Revision), (actual.Limit, actual.Revision));
        Assert.Equal(((int)expected.SortOrder, (int)expected.SortTarget), ((int)actual.SortOrder, (int)actual.SortTarget));
        Assert.Equal(
            (expected.Serializable, expected.KeysOnly, expected.CountOnly), (actual.Serializable, actual.KeysOnly, actual.CountOnly));
        Assert.Equal((expected.MinModRevision, expected.MaxModRevision), (actual.MinModRevision, actual.MaxModRevision));
        Assert.Equal((expected.MinCreateRevision, expected.MaxCreateRevision), (actual.MinCreateRevision, actual.MaxCreateRevision));
    }

    private static void AssertSame(PutRequest expected, Dto.PutRequest actual)
    {
        AssertSame(expected.Key, actual.Key);
        AssertSame(expected.Value, actual.Value);
        Assert.Equal(
            (expected.Lease, expected.PrevKv, expected.IgnoreValue, expected.IgnoreLease),
            (actual.Lease, actual.PrevKv, actual.IgnoreValue, actual.IgnoreLease));
    }

    private static void AssertSame(DeleteRangeRequest expected, Dto.DeleteRangeRequest actual)
    {
        AssertSame(expected.Key, actual.Key);
        AssertSame(expected.RangeEnd, actual.RangeEnd);
        Assert.Equal(expected.PrevKv, actual.PrevKv);
    }

    private static void AssertSame(TxnRequest expected, Dto.TxnRequest actual)
    {
        Assert.Equal(
            (expected.Compare.Count, expected.Success.Count, expected.Failure.Count),
            (actual.Compares.Count, actual.Success.Count, actual.Failure.Count));
        Assert.All(expected.Compare, (compare, i) => AssertSame(compare, actual.Compares[i]));
        Assert.All(expected.Success, (op, i) => AssertSame(op, actual.Success[i]));
        Assert.All(expected.Failure, (op, i) => AssertSame(op, actual.Failure[i]));
    }

    private static void AssertSame(RequestOp expected, Dto.KvOperation actual)
    {
        switch (expected.RequestCase)
        {
            case RequestOp.RequestOneofCase.RequestRange: AssertSame(expected.RequestRange, (Dto.RangeRequest)actual); break;
            case RequestOp.RequestOneofCase.RequestPut: AssertSame(expected.RequestPut, (Dto.PutRequest)actual); break;
            case RequestOp.RequestOneofCase.RequestDeleteRange: AssertSame(expected.RequestDeleteRange, (Dto.DeleteRangeRequest)actual); break;
            case RequestOp.RequestOneofCase.RequestTxn: AssertSame(expected.RequestTxn, (Dto.TxnRequest)actual); break;
            default: Assert.IsType<MissingOperation>(actual); break;
        }
    }

    // The getters answer the default when another member is set, which is behaviour 90.
    private static void AssertSame(Compare expected, Dto.Compare actual)
    {
        AssertSame(expected.Key, actual.Key);
        AssertSame(expected.RangeEnd, actual.RangeEnd);
        Assert.Equal(((int)expected.Result, (int)expected.Target), ((int)actual.Result, (int)actual.Target));
        var number = expected.Target switch
        {
            Compare.Types.CompareTarget.Version => expected.Version,
            Compare.Types.CompareTarget.Create => expected.CreateRevision,
            Compare.Types.CompareTarget.Mod => expected.ModRevision,
            Compare.Types.CompareTarget.Lease => expected.Lease,
            _ => 0,
        };
        Assert.Equal(number, actual.Number);
        AssertSame(expected.Target == Compare.Types.CompareTarget.Value ? expected.Value : ByteString.Empty, actual.Value);
    }
}
