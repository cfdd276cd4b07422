using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>A piece of the past, for watchers that catch up.</summary>
/// <param name="Error"><see cref="EtcdError.Compacted"/> if the start is below the compaction revision.</param>
/// <param name="CompactRevision">The compaction revision at that time.</param>
/// <param name="Revisions">Whole revisions with at least one event of the interval, in order.</param>
/// <param name="NextRevision">Where to go on: all matching events below it are in <paramref name="Revisions"/>.</param>
/// <param name="CurrentRevision">Store revision when the page was read (behaviour 136).</param>
public readonly record struct HistoryPage(
    EtcdError Error, long CompactRevision, IReadOnlyList<RevisionEvents> Revisions, long NextRevision, long CurrentRevision);
