namespace Krewe.Grains.Interfaces.Kv;

/// <summary>An operation on keys: stands alone or inside a transaction.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.KvOperation")]
public abstract class KvOperation;
