namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>
/// The RPCs of this member, called from inside its process as a client would call them: with the same checks of the caller and the same errors.
/// </summary>
public interface ILocalRpcs
{
    /// <summary>
    /// Calls a unary RPC, or a stream of requests that have one answer each with a single one. Throws <see cref="Errors.EtcdException"/>
    /// Stopped when the member stops.
    /// </summary>
    ValueTask<RpcReply> CallAsync(RpcRequest request, CancellationToken cancellationToken);

    /// <summary>Begins a unary RPC or one that streams its answers.</summary>
    ILocalRpcStream Open(RpcRequest request);
}
