using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Interfaces.Watch;

/// <summary>Something to tell one watcher, or all watchers of the stream.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WatchBatch")]
public readonly record struct WatchBatch
{
    /// <summary>The watcher; -1 for an answer about the whole stream (behaviour 146).</summary>
    [Id(0)] public long WatchId { get; init; }

    [Id(1)] public WatchBatchKind Kind { get; init; }

    /// <summary>The response header's revision (behaviours 115, 136, 144).</summary>
    [Id(2)] public long Revision { get; init; }

    /// <summary>For <see cref="WatchBatchKind.Compacted"/>: the compaction revision (behaviour 120).</summary>
    [Id(3)] public long CompactRevision { get; init; }

    /// <summary>For <see cref="WatchBatchKind.Events"/>: whole revisions, in order, never splitting one (behaviours 134, 135).</summary>
    [Id(4)] public IReadOnlyList<WatchEvent> Events { get; init; }

    /// <summary>For <see cref="WatchBatchKind.Canceled"/>: why the watcher may not watch; None if it was cancelled on request.</summary>
    [Id(5)] public EtcdError Error { get; init; }
}
