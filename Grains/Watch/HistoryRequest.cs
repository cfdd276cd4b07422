using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Watch;

/// <summary>What a catching-up watcher asks of the store.</summary>
/// <param name="FromRevision">First revision wanted.</param>
/// <param name="ToRevision">Last revision wanted; not above the current one.</param>
/// <param name="Interval">Keys wanted.</param>
/// <param name="MaxRevisions">Most revisions with changes in the interval to answer (behaviour 135).</param>
/// <param name="MaxBytes">The answer ends with the revision that reaches this many bytes of keys and values.</param>
public readonly record struct HistoryRequest(long FromRevision, long ToRevision, KeyInterval Interval, int MaxRevisions, long MaxBytes);
