using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Which revisions a range may ask for.</summary>
internal static class RangeRevision
{
    /// <summary>A plain range: 0 and negative values read the latest state (behaviours 35-37).</summary>
    public static EtcdError Check(long asked, long current, long compactRevision)
    {
        if (asked <= 0)
        {
            return EtcdError.None;
        }

        return asked > current ? EtcdError.FutureRevision : asked < compactRevision ? EtcdError.Compacted : EtcdError.None;
    }

    /// <summary>A range inside a transaction: negative values are below the compaction, except -1 before the first one (behaviours 76, 77, 277).</summary>
    public static EtcdError CheckInTxn(long asked, long current, long compactRevision) =>
        asked < 0 && asked < compactRevision ? EtcdError.Compacted : Check(asked, current, compactRevision);
}
