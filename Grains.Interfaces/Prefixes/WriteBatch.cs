using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>Independent writes that travel to one prefix grain in one call: a grain hop is paid per batch, not per request.</summary>
/// <param name="Operations">Puts, range deletes and transactions, evaluated in this order.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.WriteBatch")]
public sealed record WriteBatch([property: Id(0)] IReadOnlyList<KvOperation> Operations)
{
    /// <summary>The permissions that the operations were judged by (<see cref="KvOperation.AuthStamp"/>).</summary>
    [Id(1)]
    public ulong AuthStamp { get; init; }

    [NonSerialized]
    private LocalReply? _local;

    /// <summary>Set by a caller that is content with a <see cref="LocalReply"/>; it does not cross silos.</summary>
    public LocalReply? Local
    {
        get => _local;
        init => _local = value;
    }
}
