using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Interfaces.Kv;

/// <summary>
/// The keyspace as <c>Api</c> sees it, on a member (local replica) or on a gateway (through the prefix grains).
/// Failures arrive as <see cref="EtcdException"/>.
/// </summary>
public interface IKeyspaceClient
{
    /// <summary>Reads; linearizable unless <see cref="RangeRequest.Serializable"/>.</summary>
    ValueTask<RangeResult> RangeAsync(RangeRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a range in chunks that share one revision (behaviours 43-52): each item is a partial result, only the last one has
    /// <see cref="KvResult.Revision"/>, <see cref="RangeResult.Count"/> and <see cref="RangeResult.More"/>.
    /// </summary>
    IAsyncEnumerable<RangeResult> RangeStreamAsync(RangeRequest request, int targetChunkBytes, CancellationToken cancellationToken);

    /// <summary>Evaluates a put, a range delete or a transaction that may write; answers once it is durable and applied here (358).</summary>
    ValueTask<KvResult> WriteAsync(KvOperation operation, CancellationToken cancellationToken);

    /// <summary>Evaluates a transaction of which no branch can write (behaviours 92-94).</summary>
    ValueTask<TxnResult> ReadTxnAsync(TxnRequest request, bool serializable, CancellationToken cancellationToken);

    /// <summary>Compacts at a revision; with <paramref name="physical"/> it waits until this member removed the data (behaviour 100).</summary>
    ValueTask<CompactResult> CompactAsync(long revision, bool physical, CancellationToken cancellationToken);
}
