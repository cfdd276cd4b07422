namespace Krewe.Silo.Snapshots;

/// <summary>The steps of receiving and installing a snapshot between which a crash can come (docs/internals/snapshots.md).</summary>
internal enum InstallStep
{
    /// <summary>All files and the manifest that says so are durable.</summary>
    Received = 0,

    /// <summary>The log begins behind the snapshot, durably, and the data was opened as a store.</summary>
    Opened,

    /// <summary>The member's store is the snapshot's, durably.</summary>
    Switched,

    /// <summary>The store before is closed and deleted.</summary>
    Deleted,
}
