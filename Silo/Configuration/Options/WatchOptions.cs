namespace Krewe.Silo.Configuration.Options;

/// <summary>Watches.</summary>
public sealed record WatchOptions
{
    /// <summary>Shorter intervals are raised to this (behaviour 143).</summary>
    public const int MinProgressNotifyIntervalMilliseconds = 100;

    /// <summary><c>--watch-progress-notify-interval</c>, raised to the minimum; the jitter is not in it.</summary>
    public required TimeSpan ProgressNotifyInterval { get; init; }
}
