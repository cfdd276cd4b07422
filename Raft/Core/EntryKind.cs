namespace Krewe.Raft.Core;

/// <summary>What the payload of a log entry is. The values are part of the on-disk and wire formats.</summary>
public enum EntryKind : byte
{
    /// <summary>Opaque state machine data. An empty payload is the entry that a new leader appends for its term.</summary>
    Normal = 0,

    /// <summary>A membership change, encoded by <c>ConfChange</c> (joint consensus, Raft dissertation section 4.3).</summary>
    ConfChange = 1,
}
