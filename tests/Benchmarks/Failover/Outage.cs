namespace Krewe.Benchmarks.Failover;

/// <summary>One failover as clients see it, in milliseconds.</summary>
/// <param name="Put">From the fault to the answer of the first put that was both sent after it and acknowledged, through another member.</param>
/// <param name="WatchGap">The longest time without an event, between the fault and the first event of a put that was sent after it, at a
/// watcher on yet another member.</param>
internal sealed record Outage(double Put, double WatchGap);
