using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>Past revisions from the store, for watchers that start in the past or are slow. Any thread; consistent per call.</summary>
public interface IRevisionHistory
{
    /// <summary>The highest applied revision: everything up to it can be read here. Never behind what a client was told.</summary>
    long CurrentRevision { get; }

    /// <summary>Revisions below it may be incomplete (behaviour 106).</summary>
    long CompactRevision { get; }

    /// <summary>What the key of an event held before it; null for creations and where it was compacted (behaviour 131).</summary>
    KeyValue? GetPrevKv(WatchEvent watchEvent);

    /// <summary>
    /// Adds whole revisions in ascending order: of each the events in the interval, in operation order, with the previous state where it
    /// is not compacted (behaviours 131, 133, 134). Revisions without such events are left out. Throws <see cref="Keyspace.Storage.StoreFaultException"/>.
    /// </summary>
    HistoryPage Read(in HistoryRequest request, List<RevisionEvents> into);
}
