using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Prefixes;

/// <summary>Size of an operation for the bounds of queues and batches: keys and values, nested operations included.</summary>
internal static class OperationSize
{
    public static int Of(KvOperation operation) => operation switch
    {
        PutRequest put => put.Key.Length + put.Value.Length,
        DeleteRangeRequest delete => delete.Key.Length + delete.RangeEnd.Length,
        RangeRequest range => range.Key.Length + range.RangeEnd.Length,
        TxnRequest txn => Of(txn),
        _ => throw new ArgumentException($"unknown operation {operation.GetType().Name}", nameof(operation)),
    };

    private static int Of(TxnRequest txn)
    {
        var size = 0;
        foreach (var compare in txn.Compares)
        {
            size += compare.Key.Length + compare.RangeEnd.Length + compare.Value.Length;
        }

        return size + Of(txn.Success) + Of(txn.Failure);
    }

    private static int Of(IReadOnlyList<KvOperation> operations)
    {
        var size = 0;
        for (var i = 0; i < operations.Count; i++)
        {
            size += Of(operations[i]);
        }

        return size;
    }
}
