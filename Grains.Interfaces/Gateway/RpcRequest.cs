namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>An RPC of etcd's API with its one request message, on its way from a gateway to a member.</summary>
/// <param name="Method">Path, as in <c>/etcdserverpb.KV/Put</c>.</param>
/// <param name="Token">The client's token as it came; null without one. The member that serves the call finds out whom it names.</param>
/// <param name="Payload">The encoded request.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RpcRequest")]
public sealed record RpcRequest(
    [property: Id(0)] string Method, [property: Id(1)] string? Token, [property: Id(2)] ReadOnlyMemory<byte> Payload);
