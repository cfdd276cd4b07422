namespace Krewe.Silo.Snapshots;

/// <summary>How a transfer ended, as the receiver says. The values are part of the wire format.</summary>
internal enum SnapshotEnd : byte
{
    /// <summary>The data is stored and the receiver's core installs it.</summary>
    Taken = 1,

    /// <summary>The receiver's core has no use for it.</summary>
    NotNeeded = 2,

    /// <summary>Another snapshot is being received or installed.</summary>
    Busy = 3,

    /// <summary>The offer is malformed, or of a version that the receiver does not know.</summary>
    Refused = 4,

    /// <summary>The receiver could not store it, something came damaged, or the message is of an earlier term by now. Trying again may help.</summary>
    Failed = 5,
}
