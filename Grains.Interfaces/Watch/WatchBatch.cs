namespace Krewe.Grains.Interfaces.Watch;

/// <summary>Something to tell one watcher, or all watchers of the stream.</summary>
public readonly record struct WatchBatch
{
    /// <summary>The watcher; -1 for an answer about the whole stream (behaviour 146).</summary>
    public long WatchId { get; init; }

    public WatchBatchKind Kind { get; init; }

    /// <summary>The response header's revision (behaviours 115, 136, 144).</summary>
    public long Revision { get; init; }

    /// <summary>For <see cref="WatchBatchKind.Compacted"/>: the compaction revision (behaviour 120).</summary>
    public long CompactRevision { get; init; }

    /// <summary>For <see cref="WatchBatchKind.Events"/>: whole revisions, in order, never splitting one (behaviours 134, 135).</summary>
    public IReadOnlyList<WatchEvent> Events { get; init; }
}
