namespace Krewe.Benchmarks.Measurement;

/// <summary>What the watch workload adds.</summary>
/// <param name="PutLatency">From sending a put to its acknowledgement.</param>
/// <param name="AckToEvent">From a put's acknowledgement to each watcher's event; 0 where the event came first.</param>
internal sealed record WatchFigures(double PutsPerSecond, LatencySummary PutLatency, LatencySummary AckToEvent);
