namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>What a member has of an RPC's answers by now.</summary>
/// <param name="Payloads">Encoded responses in order; none if none came in time.</param>
/// <param name="End">How the RPC ended, behind all responses; null while it goes on. Its payload is empty.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RpcPart")]
public sealed record RpcPart(
    [property: Id(0)] IReadOnlyList<ReadOnlyMemory<byte>> Payloads, [property: Id(1)] RpcReply? End);
