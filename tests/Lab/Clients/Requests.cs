using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>Between the history's operations and etcd's messages.</summary>
internal static class Requests
{
    public static PutRequest Put(string key, string value) => new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value) };

    public static RangeRequest Read(string key, bool serializable = false) => new() { Key = ByteString.CopyFromUtf8(key), Serializable = serializable };

    public static TxnRequest PutPair(Operation operation) => new()
    {
        Success =
        {
            new RequestOp { RequestPut = Put(operation.Key, operation.Value!) },
            new RequestOp { RequestPut = Put(operation.OtherKey!, operation.Value!) },
        },
    };

    public static TxnRequest CompareAndSwap(Operation operation) => new()
    {
        Compare =
        {
            new Compare
            {
                Key = ByteString.CopyFromUtf8(operation.Key),
                Target = Compare.Types.CompareTarget.Mod,
                Result = Compare.Types.CompareResult.Equal,
                ModRevision = operation.ExpectedModRevision,
            },
        },
        Success = { new RequestOp { RequestPut = Put(operation.Key, operation.Value!) } },
        Failure = { new RequestOp { RequestRange = Read(operation.Key) } },
    };

    /// <summary>The only key of an answer; null if it has none.</summary>
    public static KeyState? State(RangeResponse response) => response.Kvs.Count == 0 ? null : State(response.Kvs[0]);

    public static KeyState State(Api.Protos.Mvcc.KeyValue pair) =>
        new(pair.Value.ToStringUtf8(), pair.CreateRevision, pair.ModRevision, pair.Version);

    public static LogEvent Change(Api.Protos.Mvcc.Event change) => new(
        change.Kv.ModRevision,
        change.Kv.Key.ToStringUtf8(),
        change.Type == Api.Protos.Mvcc.Event.Types.EventType.Delete ? null : State(change.Kv));
}
