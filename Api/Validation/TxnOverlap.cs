using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Validation;

/// <summary>
/// Refuses a transaction in which one path puts a key twice, or puts a key that it also deletes (behaviours 82-87). As in etcd, a
/// nested transaction's deletes are compared with what comes after it in its list and with the list's own puts, not with earlier
/// siblings' puts.
/// </summary>
internal static class TxnOverlap
{
    public static EtcdError Check(TxnRequest txn) =>
        HasClash(txn.Success) || HasClash(txn.Failure) ? EtcdError.DuplicateKey : EtcdError.None;

    private static bool HasClash(IReadOnlyList<KvOperation> branch)
    {
        // One operation cannot clash with itself; this is the common shape.
        if (branch.Count == 0 || (branch.Count == 1 && branch[0] is not TxnRequest))
        {
            return false;
        }

        return !TryCollect(branch, out _, out _);
    }

    private static bool TryCollect(IReadOnlyList<KvOperation> branch, out HashSet<ReadOnlyMemory<byte>> puts, out KeyIntervalSet deletes)
    {
        puts = new HashSet<ReadOnlyMemory<byte>>(KeyBytesComparer.Instance);
        deletes = new KeyIntervalSet();
        for (var i = 0; i < branch.Count; i++)
        {
            if (branch[i] is DeleteRangeRequest delete)
            {
                deletes.Add(delete.Key, delete.RangeEnd);
            }
        }

        for (var i = 0; i < branch.Count; i++)
        {
            if (branch[i] is TxnRequest nested && !TryAddNested(nested, puts, deletes))
            {
                return false;
            }
        }

        for (var i = 0; i < branch.Count; i++)
        {
            if (branch[i] is PutRequest put && (deletes.Contains(put.Key) || !puts.Add(put.Key)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAddNested(TxnRequest nested, HashSet<ReadOnlyMemory<byte>> puts, KeyIntervalSet deletes)
    {
        if (!TryCollect(nested.Success, out var thenPuts, out var thenDeletes)
            || !TryCollect(nested.Failure, out var elsePuts, out var elseDeletes))
        {
            return false;
        }

        foreach (var key in thenPuts)
        {
            if (deletes.Contains(key) || !puts.Add(key))
            {
                return false;
            }
        }

        foreach (var key in elsePuts)
        {
            // The branches of one transaction exclude each other, so they may put the same key (behaviour 85).
            if (deletes.Contains(key) || (!puts.Add(key) && !thenPuts.Contains(key)))
            {
                return false;
            }
        }

        deletes.AddAll(thenDeletes);
        deletes.AddAll(elseDeletes);
        return true;
    }
}
