namespace Krewe.Conformance.Differential;

/// <summary>What an operation of a differential run calls.</summary>
internal enum DiffOpKind
{
    Range,
    Put,
    Delete,
    Txn,
    Compact,
    LeaseGrant,
    LeaseRevoke,
    LeaseKeepAlive,
    LeaseTimeToLive,
    LeaseLeases,
    HashKv,
    WatchCreate,
    WatchCancel,

    /// <summary>Waits until every watcher of both servers has all events, then compares them.</summary>
    Sync,
}
