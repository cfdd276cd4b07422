using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Validation;

/// <summary>etcd's checks of a transaction, both branches and all levels, before anything runs (behaviours 79-87).</summary>
internal static class TxnChecks
{
    /// <summary><paramref name="maxOps"/> is the budget of behaviour 80: entries of the longest list, summed along the nesting.</summary>
    public static EtcdError Check(TxnRequest txn, int maxOps)
    {
        // etcd has no bound on the sum over sibling transactions but the message size. Far above any real use, ours keeps the
        // overlap check cheap for hostile trees.
        var remaining = Math.Max(maxOps, 1) * 1_024L;
        var error = CheckOperations(txn, maxOps, ref remaining);
        return error == EtcdError.None ? TxnOverlap.Check(txn) : error;
    }

    private static EtcdError CheckOperations(TxnRequest txn, int maxOps, ref long remaining)
    {
        var longest = Math.Max(txn.Compares.Count, Math.Max(txn.Success.Count, txn.Failure.Count));
        remaining -= longest;
        if (longest > maxOps || remaining < 0)
        {
            return EtcdError.TooManyOps;
        }

        for (var i = 0; i < txn.Compares.Count; i++)
        {
            if (txn.Compares[i].Key.IsEmpty)
            {
                return EtcdError.EmptyKey;
            }
        }

        var error = CheckBranch(txn.Success, maxOps - longest, ref remaining);
        return error == EtcdError.None ? CheckBranch(txn.Failure, maxOps - longest, ref remaining) : error;
    }

    private static EtcdError CheckBranch(IReadOnlyList<KvOperation> branch, int maxOps, ref long remaining)
    {
        for (var i = 0; i < branch.Count; i++)
        {
            var error = branch[i] switch
            {
                RangeRequest range => KvChecks.Range(range),
                PutRequest put => KvChecks.Put(put),
                DeleteRangeRequest delete => KvChecks.DeleteRange(delete),
                TxnRequest txn => CheckOperations(txn, maxOps, ref remaining),
                MissingOperation => EtcdError.KeyNotFound,
                _ => throw new InvalidOperationException($"no check for {branch[i].GetType().Name}"),
            };
            if (error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }
}
