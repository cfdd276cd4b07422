namespace Krewe.Grains.Watch;

/// <summary>Bounds of the watch hub.</summary>
public sealed record WatchHubOptions
{
    /// <summary>Most event batches that wait to be read on one stream; then its watchers catch up from the store instead.</summary>
    public int MaxBufferedBatches { get; init; } = 1024;

    /// <summary>Most bytes of events that wait to be read on one stream.</summary>
    public long MaxBufferedBytes { get; init; } = 16L << 20;

    /// <summary>Most answers that wait to be read on one stream before further progress answers are dropped, as etcd may drop them.</summary>
    public int MaxBufferedAnswers { get; init; } = 65_536;

    /// <summary>Most revisions in one catch-up batch (behaviour 135).</summary>
    public int CatchUpRevisions { get; init; } = 1000;

    /// <summary>A catch-up batch ends with the revision that reaches this many bytes.</summary>
    public long CatchUpBytes { get; init; } = 2L << 20;

    /// <summary>Most revisions in memory that one catch-up step looks at, so that watchers take turns.</summary>
    public int CatchUpScan { get; init; } = 16_384;

    /// <summary>Pause after the store could not be read.</summary>
    public TimeSpan CatchUpRetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
