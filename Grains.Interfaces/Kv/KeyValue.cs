namespace Krewe.Grains.Interfaces.Kv;

/// <summary>A key with its value and metadata as of one revision (mvccpb.KeyValue).</summary>
/// <param name="Key">1 or more arbitrary bytes.</param>
/// <param name="CreateRevision">Revision of the put that began this life of the key (behaviours 7-9).</param>
/// <param name="ModRevision">Revision of the last put.</param>
/// <param name="Version">Number of puts in this life, from 1.</param>
/// <param name="Value">0 or more arbitrary bytes. Never changed after publication, so it may be shared.</param>
/// <param name="Lease">Attached lease, 0 for none.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.KeyValue")]
public readonly record struct KeyValue(
    [property: Id(0)] ReadOnlyMemory<byte> Key,
    [property: Id(1)] long CreateRevision,
    [property: Id(2)] long ModRevision,
    [property: Id(3)] long Version,
    [property: Id(4)] ReadOnlyMemory<byte> Value,
    [property: Id(5)] long Lease);
