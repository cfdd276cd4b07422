using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Keyspace;

/// <summary>Totals since the start. Unless said otherwise written by the apply thread; other threads may read slightly old values.</summary>
public sealed class KeyspaceCounters
{
    private long _ranges;
    private long _transactions;

    /// <summary>Ranges answered, also those in transactions. From any thread.</summary>
    public long Ranges => Interlocked.Read(ref _ranges);

    /// <summary>Transactions that ran more than one operation, as etcd counts them. From any thread.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    public long AppliedEntries { get; internal set; }

    public long AppliedBatches { get; internal set; }

    /// <summary>Entries that changed nothing because of their base revision or their writer.</summary>
    public long RefusedEntries { get; internal set; }

    public long Puts { get; internal set; }

    public long Deletes { get; internal set; }

    /// <summary>Revisions published to the sink.</summary>
    public long PublishedRevisions { get; internal set; }

    public long PublishedEvents { get; internal set; }

    public long FinishedCompactions { get; internal set; }

    /// <summary>Rows that compactions removed.</summary>
    public long CompactedRows { get; internal set; }

    internal void CountRange() => Interlocked.Increment(ref _ranges);

    /// <summary>Counts a transaction by what its answer says that it ran.</summary>
    internal void CountTransaction(TxnResult result)
    {
        (int ranges, int operations) = Count(result);
        Interlocked.Add(ref _ranges, ranges);
        if (operations > 1)
        {
            Interlocked.Increment(ref _transactions);
        }
    }

    private static (int Ranges, int Operations) Count(TxnResult result)
    {
        int ranges = 0;
        int operations = 0;
        for (int i = 0; i < result.Responses.Count; i++)
        {
            (int innerRanges, int innerOperations) = result.Responses[i] switch
            {
                TxnResult nested => Count(nested),
                RangeResult => (1, 1),
                _ => (0, 1),
            };
            ranges += innerRanges;
            operations += innerOperations;
        }

        return (ranges, operations);
    }
}
