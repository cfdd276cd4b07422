namespace Krewe.Raft.Log.Format;

/// <summary>What a record is. The values are part of the on-disk format.</summary>
internal enum RecordKind : byte
{
    /// <summary>Nothing was written here.</summary>
    None = 0,

    /// <summary>The opaque bytes given at creation. First record of every segment.</summary>
    Metadata = 1,

    /// <summary>index u64, term u64, payload.</summary>
    Entry = 2,

    /// <summary>term u64, vote u64, commit u64.</summary>
    HardState = 3,

    /// <summary>index u64, term u64, membership bytes. The log goes on as it is.</summary>
    Snapshot = 4,

    /// <summary>As <see cref="Snapshot"/>, but the log starts anew behind the index: all entries before this record are void.</summary>
    SnapshotReset = 5,

    /// <summary>last index u64, its term u64. Entries behind the index, written before this record, are void.</summary>
    Truncation = 6,

    /// <summary>Empty; carries the durable offset of its header when the log is closed.</summary>
    Watermark = 7,
}
