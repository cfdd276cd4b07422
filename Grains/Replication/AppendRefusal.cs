namespace Krewe.Grains.Replication;

/// <summary>Why an entry was not appended. In every case it certainly is not in the log.</summary>
public enum AppendRefusal
{
    None = 0,

    /// <summary>This member does not lead, or not in the term that the caller evaluated for.</summary>
    NotLeader,

    /// <summary>Leadership is being handed over (behaviour 354).</summary>
    Transferring,

    /// <summary>Too much is uncommitted already.</summary>
    Overloaded,

    /// <summary>The log's disk is full.</summary>
    DiskFull,

    /// <summary>The member is shutting down or its log failed.</summary>
    Stopped,
}
