namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>How a member answered an RPC.</summary>
/// <param name="Code">gRPC's status code.</param>
/// <param name="Message">The status's text; null for none.</param>
/// <param name="Payload">The encoded response; empty unless the code is 0.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RpcReply")]
public sealed record RpcReply(
    [property: Id(0)] int Code, [property: Id(1)] string? Message, [property: Id(2)] ReadOnlyMemory<byte> Payload);
