namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a <see cref="RangeRequest"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RangeResult")]
public sealed class RangeResult : KvResult
{
    /// <summary>The keys, in the order asked for. The backing array is not shared with the keyspace.</summary>
    [Id(0)] public ArraySegment<KeyValue> Kvs { get; init; } = ArraySegment<KeyValue>.Empty;

    /// <summary>Whether matching keys beyond the limit exist (behaviours 22, 34).</summary>
    [Id(1)] public bool More { get; init; }

    /// <summary>Keys in the whole interval, whatever the limit and the filters (behaviour 23).</summary>
    [Id(2)] public long Count { get; init; }
}
