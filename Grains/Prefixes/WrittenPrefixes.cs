using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Prefixes;

/// <summary>Which prefixes an operation may write: those whose grains must stand behind it.</summary>
public static class WrittenPrefixes
{
    /// <summary>Adds the positions, in the map, of the prefixes that the operation may write in any branch.</summary>
    public static void Collect(PrefixMap map, KvOperation operation, SortedSet<int> written)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(written);
        switch (operation)
        {
            case PutRequest put:
                written.Add(map.Resolve(put.Key.Span));
                break;
            case DeleteRangeRequest delete:
                map.ResolveInterval(delete.Key.Span, delete.RangeEnd.Span, written);
                break;
            case TxnRequest txn:
                Collect(map, txn.Success, written);
                Collect(map, txn.Failure, written);
                break;
        }
    }

    /// <summary>Position of the prefix whose grain the operation is sent to: the first one that it writes, or the root's.</summary>
    public static int Home(PrefixMap map, KvOperation operation)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.IsRootOnly)
        {
            return 0;
        }

        if (operation is PutRequest put)
        {
            return map.Resolve(put.Key.Span);
        }

        var written = new SortedSet<int>();
        Collect(map, operation, written);
        return written.Min;
    }

    private static void Collect(PrefixMap map, IReadOnlyList<KvOperation> operations, SortedSet<int> written)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            Collect(map, operations[i], written);
        }
    }
}
