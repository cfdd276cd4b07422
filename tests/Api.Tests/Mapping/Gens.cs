using CsCheck;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Tests.Mapping;

/// <summary>Random DTOs.</summary>
internal static class Gens
{
    private static readonly Gen<long> Number = Gen.OneOf(Gen.Const(0L), Gen.Long[1, 300], Gen.Long);

    public static readonly Gen<KeyValue> Kv =
        Gen.Select(Gen.Byte.Array[0, 40], Number, Number, Number, Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte.Array[5_000, 9_000]), Number)
            .Select((key, create, mod, version, value, lease) => new KeyValue(key, create, mod, version, value, lease));

    public static readonly Gen<RangeResult> Range =
        Gen.Select(Kv.Array[0, 6], Gen.Bool, Number, Number)
            .Select((kvs, more, count, revision) => new RangeResult { Kvs = kvs, More = more, Count = count, Revision = revision });

    public static readonly Gen<PutResult> Put =
        Gen.Select(Gen.Bool, Kv, Number)
            .Select((has, kv, revision) => new PutResult { PrevKv = has ? kv : null, Revision = revision });

    public static readonly Gen<DeleteRangeResult> Delete =
        Gen.Select(Number, Kv.Array[0, 4], Number)
            .Select((deleted, kvs, revision) => new DeleteRangeResult { Deleted = deleted, PrevKvs = kvs, Revision = revision });

    public static Gen<TxnResult> Txn(int depth)
    {
        Gen<KvResult>[] ops = [Range.Select(r => (KvResult)r), Put.Select(r => (KvResult)r), Delete.Select(r => (KvResult)r)];
        var op = depth == 0 ? Gen.OneOf(ops) : Gen.OneOf([.. ops, Txn(depth - 1).Select(r => (KvResult)r)]);
        return Gen.Select(Gen.Bool, op.Array[0, 4], Number)
            .Select((succeeded, responses, revision) => new TxnResult { Succeeded = succeeded, Responses = responses, Revision = revision });
    }
}
