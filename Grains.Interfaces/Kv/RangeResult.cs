namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Answer to a <see cref="RangeRequest"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RangeResult")]
public sealed class RangeResult : KvResult
{
    [NonSerialized]
    private ArraySegment<KeyValue> _kvs = ArraySegment<KeyValue>.Empty;

    /// <summary>The keys, in the order asked for. The backing array is not shared with the keyspace.</summary>
    public ArraySegment<KeyValue> Kvs
    {
        get => _kvs;
        init => _kvs = value;
    }

    /// <summary>Whether matching keys beyond the limit exist (behaviours 22, 34).</summary>
    [Id(1)] public bool More { get; init; }

    /// <summary>Keys in the whole interval, whatever the limit and the filters (behaviour 23).</summary>
    [Id(2)] public long Count { get; init; }

    /// <summary>
    /// What travels between silos. Orleans' codec of array segments writes an array that occurs twice in a message as a reference, as every empty one
    /// does, but can't read it.
    /// </summary>
    [Id(0)]
    internal KeyValue[] Wire
    {
        get => _kvs.Array is { } array && _kvs.Count == array.Length ? array : [.. _kvs];
        set => _kvs = value;
    }
}
