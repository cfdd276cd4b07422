using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Keyspace.Quota;

/// <summary>What a request may add to the store, for the quota check before it is proposed (behaviours 266, 267).</summary>
public static class QuotaCost
{
    /// <summary>Bytes counted for a lease.</summary>
    public const long LeaseGrant = 64;

    private const long PutOverhead = 256;

    /// <summary>Bytes; 0 for what passes without a check.</summary>
    public static long Of(KvOperation operation) => operation switch
    {
        PutRequest put => PutOverhead + put.Key.Length + put.Value.Length,
        TxnRequest txn => Math.Max(Of(txn.Success), Of(txn.Failure)),
        _ => 0,
    };

    private static long Of(IReadOnlyList<KvOperation> operations)
    {
        long sum = 0;
        for (int i = 0; i < operations.Count; i++)
        {
            sum += Of(operations[i]);
        }

        return sum;
    }
}
