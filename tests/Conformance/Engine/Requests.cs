using Google.Protobuf;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>Short forms of requests, so that a case reads as a script.</summary>
internal static class Requests
{
    /// <summary>range_end of "every key from here on" (behaviour 17).</summary>
    public const string OpenEnd = "\0";

    public static ByteString Utf8(string text) => ByteString.CopyFromUtf8(text);

    public static ByteString Raw(params byte[] bytes) => ByteString.CopyFrom(bytes);

    public static PutRequest Put(string key, string value = "v", long lease = 0) =>
        new() { Key = Utf8(key), Value = Utf8(value), Lease = lease };

    public static RangeRequest Range(string key, string end = "") => new() { Key = Utf8(key), RangeEnd = Utf8(end) };

    /// <summary>Every key of the store.</summary>
    public static RangeRequest All() => Range("\0", OpenEnd);

    public static DeleteRangeRequest Delete(string key, string end = "") => new() { Key = Utf8(key), RangeEnd = Utf8(end) };

    public static RequestOp Op(PutRequest put) => new() { RequestPut = put };

    public static RequestOp Op(RangeRequest range) => new() { RequestRange = range };

    public static RequestOp Op(DeleteRangeRequest delete) => new() { RequestDeleteRange = delete };

    public static RequestOp Op(TxnRequest txn) => new() { RequestTxn = txn };

    public static TxnRequest Txn(IEnumerable<Compare>? when = null, IEnumerable<RequestOp>? then = null, IEnumerable<RequestOp>? otherwise = null)
    {
        var txn = new TxnRequest();
        txn.Compare.AddRange(when ?? []);
        txn.Success.AddRange(then ?? []);
        txn.Failure.AddRange(otherwise ?? []);
        return txn;
    }

    /// <summary>A transaction without compares.</summary>
    public static TxnRequest Do(params RequestOp[] ops) => Txn(then: ops);

    public static Compare VersionIs(string key, long version) => new()
    {
        Key = Utf8(key),
        Target = Compare.Types.CompareTarget.Version,
        Version = version,
    };

    public static Compare ValueIs(string key, string value) => new()
    {
        Key = Utf8(key),
        Target = Compare.Types.CompareTarget.Value,
        Value = Utf8(value),
    };

    public static WatchCreateRequest WatchKey(string key, string end = "", long start = 0) =>
        new() { Key = Utf8(key), RangeEnd = Utf8(end), StartRevision = start };
}
