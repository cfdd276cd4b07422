namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>An RPC that is under way. The server is held up while nobody reads. To dispose it cancels the RPC.</summary>
public interface ILocalRpcStream : IAsyncDisposable
{
    /// <summary>
    /// Waits for answers and takes those that are there, up to the one that reaches <paramref name="maxBytes"/>; throws
    /// <see cref="Errors.EtcdException"/> Stopped when the member stops. One reader at a time.
    /// </summary>
    ValueTask<RpcPart> ReadAsync(long maxBytes, CancellationToken cancellationToken);
}
