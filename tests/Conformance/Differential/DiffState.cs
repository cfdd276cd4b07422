namespace Krewe.Conformance.Differential;

/// <summary>What the generator knows of the servers, which agree so far.</summary>
internal sealed class DiffState
{
    /// <summary>Watch streams that stay open during a run.</summary>
    public const int Streams = 3;

    /// <summary>Watchers on one stream; more are not created, so that a sync stays quick.</summary>
    public const int WatchersPerStream = 8;

    /// <summary>Current store revision.</summary>
    public long Revision { get; set; } = 1;

    /// <summary>Last compaction revision, or -1.</summary>
    public long Compacted { get; set; } = -1;

    /// <summary>Live watcher ids of each stream with their start revision.</summary>
    public IReadOnlyList<SortedDictionary<long, long>> Watchers { get; } =
        [.. Enumerable.Range(0, Streams).Select(_ => new SortedDictionary<long, long>())];
}
