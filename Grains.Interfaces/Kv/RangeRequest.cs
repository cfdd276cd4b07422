namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Reads one key or an interval of keys (behaviours 15-42).</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RangeRequest")]
public sealed class RangeRequest : KvOperation
{
    /// <summary>First key; never empty when it comes from <c>Api</c>.</summary>
    [Id(0)] public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Exclusive end. Empty: the single key. One zero byte: every key from <see cref="Key"/> on (behaviours 16-18).</summary>
    [Id(1)] public ReadOnlyMemory<byte> RangeEnd { get; init; }

    /// <summary>Most results to return; 0 or less for no limit.</summary>
    [Id(2)] public long Limit { get; init; }

    /// <summary>Revision to read at; 0 or less for the latest (but see behaviour 77 inside transactions).</summary>
    [Id(3)] public long Revision { get; init; }

    [Id(4)] public SortOrder SortOrder { get; init; }

    [Id(5)] public SortTarget SortTarget { get; init; }

    /// <summary>Answer from local state without a quorum (behaviour 39).</summary>
    [Id(6)] public bool Serializable { get; init; }

    [Id(7)] public bool KeysOnly { get; init; }

    [Id(8)] public bool CountOnly { get; init; }

    /// <summary>Inclusive bounds on mod and create revision; 0 disables one (behaviour 33).</summary>
    [Id(9)] public long MinModRevision { get; init; }

    [Id(10)] public long MaxModRevision { get; init; }

    [Id(11)] public long MinCreateRevision { get; init; }

    [Id(12)] public long MaxCreateRevision { get; init; }

    /// <summary>The same request for local state: for a caller that has passed a read barrier itself.</summary>
    public RangeRequest AsSerializable() => Serializable ? this : new RangeRequest
    {
        Key = Key,
        RangeEnd = RangeEnd,
        Limit = Limit,
        Revision = Revision,
        SortOrder = SortOrder,
        SortTarget = SortTarget,
        Serializable = true,
        KeysOnly = KeysOnly,
        CountOnly = CountOnly,
        MinModRevision = MinModRevision,
        MaxModRevision = MaxModRevision,
        MinCreateRevision = MinCreateRevision,
        MaxCreateRevision = MaxCreateRevision,
    };
}
