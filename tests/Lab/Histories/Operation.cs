namespace Krewe.Lab.Histories;

/// <summary>
/// One request of one client and what became of it. Values of writes are unique in a history. Times are ticks of one monotonic clock.
/// </summary>
internal sealed record Operation
{
    public required OperationKind Kind { get; init; }

    public required string Key { get; init; }

    /// <summary>Second key of <see cref="OperationKind.PutPair"/>.</summary>
    public string? OtherKey { get; init; }

    /// <summary>What a put writes.</summary>
    public string? Value { get; init; }

    /// <summary>Of <see cref="OperationKind.CompareAndSwap"/>; 0: the key must be absent.</summary>
    public long ExpectedModRevision { get; init; }

    public required long InvokedAt { get; init; }

    /// <summary>Meaningless if the outcome is ambiguous: then it may happen until the end of the history.</summary>
    public long ReturnedAt { get; init; }

    /// <summary>False: an error or no answer; a write may have happened, once, at any time after it was asked for.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>The header's revision in the answer.</summary>
    public long Revision { get; init; }

    /// <summary>Whether a compare-and-swap found the expected revision.</summary>
    public bool Swapped { get; init; }

    /// <summary>Keys that a delete found.</summary>
    public long Deleted { get; init; }

    /// <summary>What a read, or a compare-and-swap that did not swap, found; null: no such key.</summary>
    public KeyState? Observed { get; init; }

    public bool IsRead => Kind is OperationKind.Read or OperationKind.SerializableRead;

    /// <summary>Whether it is known to have made a revision.</summary>
    public bool HasWritten => Acknowledged && Kind switch
    {
        OperationKind.Put or OperationKind.PutPair => true,
        OperationKind.CompareAndSwap => Swapped,
        OperationKind.Delete => Deleted > 0,
        _ => false,
    };

    public IEnumerable<string> Keys => OtherKey is null ? [Key] : [Key, OtherKey];
}
