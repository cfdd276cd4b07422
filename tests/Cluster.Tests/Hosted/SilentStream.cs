using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Cluster.Tests.Hosted;

/// <summary>An RPC without answers.</summary>
internal sealed class SilentStream : ILocalRpcStream
{
    public async ValueTask<RpcPart> ReadAsync(long maxBytes, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return new RpcPart([], null);
    }

    public ValueTask DisposeAsync() => default;
}
