namespace Krewe.Grains.Interfaces.Watch;

/// <summary>What a watcher wants (etcdserverpb.WatchCreateRequest), already normalised by <c>Api</c> (behaviours 122, 123).</summary>
/// <param name="WatchId">Unique on its stream; chosen by <c>Api</c> or the client (behaviours 112, 113).</param>
/// <param name="Key">First key.</param>
/// <param name="RangeEnd">As in a range request.</param>
/// <param name="StartRevision">0: from now on. Otherwise the first revision wanted, in the past or the future.</param>
/// <param name="Filters">Kinds of event to leave out.</param>
/// <param name="PrevKv">Whether events shall carry the previous state.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WatchRequest")]
public sealed record WatchRequest(
    [property: Id(0)] long WatchId,
    [property: Id(1)] ReadOnlyMemory<byte> Key,
    [property: Id(2)] ReadOnlyMemory<byte> RangeEnd,
    [property: Id(3)] long StartRevision,
    [property: Id(4)] WatchFilters Filters,
    [property: Id(5)] bool PrevKv)
{
    /// <summary>In a process without a replica the client's token, for the member to judge by; else null, and <c>Api</c> has judged.</summary>
    [Id(6)]
    public string? Token { get; init; }
}
