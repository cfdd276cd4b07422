namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a <see cref="PutRequest"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.PutResult")]
public sealed class PutResult : KvResult
{
    /// <summary>What the key held before, when asked for and present (behaviour 55).</summary>
    [Id(0)] public KeyValue? PrevKv { get; init; }
}
