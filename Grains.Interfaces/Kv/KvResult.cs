namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a <see cref="KvOperation"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.KvResult")]
public abstract class KvResult
{
    /// <summary>The revision that the response header carries (behaviours 2, 3, 11, 69, 70, 73).</summary>
    [Id(0)] public long Revision { get; init; }
}
