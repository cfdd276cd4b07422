using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Validation;

/// <summary>How a transaction must be served, told from its shape alone (behaviours 92-94).</summary>
internal static class TxnShape
{
    /// <summary>Whether every operation of both branches is a range; a nested transaction makes it a write.</summary>
    public static bool IsReadOnly(TxnRequest txn) => AllRanges(txn.Success) && AllRanges(txn.Failure);

    /// <summary>Whether local state suffices: every operation is a serializable range, or there is none.</summary>
    public static bool IsSerializable(TxnRequest txn) => AllSerializable(txn.Success) && AllSerializable(txn.Failure);

    private static bool AllRanges(IReadOnlyList<KvOperation> branch)
    {
        for (var i = 0; i < branch.Count; i++)
        {
            if (branch[i] is not RangeRequest)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AllSerializable(IReadOnlyList<KvOperation> branch)
    {
        for (var i = 0; i < branch.Count; i++)
        {
            if (branch[i] is not RangeRequest { Serializable: true })
            {
                return false;
            }
        }

        return true;
    }
}
