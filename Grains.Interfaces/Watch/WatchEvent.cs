using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Interfaces.Watch;

/// <summary>One change of one key (behaviours 129, 130). Shared by all watchers that see it; never changed.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WatchEvent")]
public sealed class WatchEvent
{
    public WatchEvent(bool isDelete, in KeyValue kv, KeyValue? prevKv)
    {
        IsDelete = isDelete;
        Kv = kv;
        PrevKv = prevKv;
    }

    [Id(0)] public bool IsDelete { get; }

    /// <summary>A put's full new state; a delete's key and mod revision only.</summary>
    [Id(1)] public KeyValue Kv { get; }

    /// <summary>What the key held before; null for creations and where it was compacted (behaviour 131).</summary>
    [Id(2)] public KeyValue? PrevKv { get; }

    /// <summary>A place for the wire form, so that <c>Api</c> encodes an event once for all its watchers. Not replicated.</summary>
    [field: NonSerialized]
    public object? EncodedWithPrevKv { get; set; }

    /// <summary>As <see cref="EncodedWithPrevKv"/>, without the previous state.</summary>
    [field: NonSerialized]
    public object? EncodedWithoutPrevKv { get; set; }
}
