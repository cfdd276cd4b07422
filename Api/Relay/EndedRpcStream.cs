using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>An RPC that was refused at once.</summary>
internal sealed class EndedRpcStream(RpcReply end) : ILocalRpcStream
{
    public ValueTask<RpcPart> ReadAsync(long maxBytes, CancellationToken cancellationToken) => new(new RpcPart([], end));

    public ValueTask DisposeAsync() => default;
}
