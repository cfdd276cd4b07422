namespace Krewe.Grains.Keyspace;

/// <summary>Totals since the start. Written by the apply thread; other threads may read slightly old values.</summary>
public sealed class KeyspaceCounters
{
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
}
