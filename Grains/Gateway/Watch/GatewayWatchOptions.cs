namespace Krewe.Grains.Gateway.Watch;

/// <summary>Bounds of a gateway's watches.</summary>
public sealed record GatewayWatchOptions
{
    /// <summary>Longest wait of one fetch from a member. A member that hangs is noticed two seconds after it.</summary>
    public TimeSpan FetchWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same while a watcher catches up: after it the member is asked again how far it is.</summary>
    public TimeSpan CatchUpWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause before another member is tried.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause between two requests for progress while an answer is outstanding.</summary>
    public TimeSpan ProgressRetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Most watchers that catch up at a time; the others wait their turn.</summary>
    public int MaxCatchUps { get; init; } = 64;

    /// <summary>Most event batches that wait to be read on one stream; then its watchers catch up from a member instead.</summary>
    public int MaxBufferedBatches { get; init; } = 1024;

    /// <summary>Most bytes of events that wait to be read on one stream.</summary>
    public long MaxBufferedBytes { get; init; } = 16L << 20;

    /// <summary>Most unanswered requests for progress of one stream; more are dropped, as etcd may drop them.</summary>
    public int MaxPendingProgress { get; init; } = 1024;
}
