namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>Answer of HashKV (behaviours 276-278).</summary>
/// <param name="Hash">CRC-32C over the key history.</param>
/// <param name="CompactRevision">Compaction revision hashed from; -1 on a never compacted store.</param>
/// <param name="HashRevision">Revision hashed up to.</param>
/// <param name="CurrentRevision">Store revision at that time, for the header.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.KeyspaceHash")]
public readonly record struct KeyspaceHash(
    [property: Id(0)] uint Hash,
    [property: Id(1)] long CompactRevision,
    [property: Id(2)] long HashRevision,
    [property: Id(3)] long CurrentRevision);
