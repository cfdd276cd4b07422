namespace Krewe.Grains.Watch;

/// <summary>What the watch metrics show (metrics.tsv: etcd_debugging_mvcc_watch*, slow_watcher, events_total).</summary>
/// <param name="Streams">Open streams.</param>
/// <param name="Watchers">Watchers on them.</param>
/// <param name="SlowWatchers">Watchers that are not in the live flow.</param>
/// <param name="Events">Events handed to watchers since start.</param>
/// <param name="PendingEvents">Events in the streams' buffers.</param>
/// <param name="LagRevisions">Revisions by which the slowest watcher is behind the store; 0 without watchers.</param>
public readonly record struct WatchHubStatistics(int Streams, int Watchers, int SlowWatchers, long Events, long PendingEvents, long LagRevisions);
