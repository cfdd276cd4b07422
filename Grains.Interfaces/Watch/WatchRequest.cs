namespace Krewe.Grains.Interfaces.Watch;

/// <summary>What a watcher wants (etcdserverpb.WatchCreateRequest), already normalised by <c>Api</c> (behaviours 122, 123).</summary>
/// <param name="WatchId">Unique on its stream; chosen by <c>Api</c> or the client (behaviours 112, 113).</param>
/// <param name="Key">First key.</param>
/// <param name="RangeEnd">As in a range request.</param>
/// <param name="StartRevision">0: from now on. Otherwise the first revision wanted, in the past or the future.</param>
/// <param name="Filters">Kinds of event to leave out.</param>
/// <param name="PrevKv">Whether events shall carry the previous state.</param>
public sealed record WatchRequest(
    long WatchId,
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> RangeEnd,
    long StartRevision,
    WatchFilters Filters,
    bool PrevKv);
