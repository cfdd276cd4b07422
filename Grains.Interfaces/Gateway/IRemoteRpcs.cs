using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>Members' RPCs for a process without a replica. A member that is lost shows as <see cref="EtcdException"/>.</summary>
public interface IRemoteRpcs
{
    /// <summary>Has a member answer an RPC at once, another one if that is lost and the RPC may be done twice or certainly was not done.</summary>
    /// <param name="request">The RPC.</param>
    /// <param name="isRepeatable">Whether it does no harm when it is done twice; asked only when a member is lost.</param>
    /// <param name="cancellationToken">Cancels the RPC on the member as well.</param>
    ValueTask<RpcReply> CallAsync(RpcRequest request, Func<RpcRequest, bool> isRepeatable, CancellationToken cancellationToken);

    /// <summary>
    /// The answers of an RPC that streams them, or takes its time; the last part has the end. Repeated as with
    /// <see cref="CallAsync"/> while no answer has come.
    /// </summary>
    IAsyncEnumerable<RpcPart> StreamAsync(RpcRequest request, Func<RpcRequest, bool> isRepeatable, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a token's owner may read an interval, by a member's word; <see cref="EtcdError.None"/> if so, or while the cluster is
    /// known to check nobody.
    /// </summary>
    ValueTask<EtcdError> CheckReadAsync(
        string? token, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, CancellationToken cancellationToken);
}
