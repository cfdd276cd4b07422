using System.Runtime.CompilerServices;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Gateway;

/// <summary>The keyspace as a gateway has it: any member answers, behind its own read barrier where the request asks for one.</summary>
public sealed class GatewayKeyspace(MemberCalls calls) : IKeyspaceClient
{
    public ValueTask<RangeResult> RangeAsync(RangeRequest request, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.RangeAsync(request, cancellationToken), cancellationToken);

    /// <summary>
    /// One look for revision and count, then page after page at that revision. The pages may come from different members, each of which waits
    /// until it has applied the revision.
    /// </summary>
    public async IAsyncEnumerable<RangeResult> RangeStreamAsync(
        RangeRequest request, int targetChunkBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var head = await RangeAsync(With(request, request.Key, request.Limit, request.Revision, countOnly: true), cancellationToken).ConfigureAwait(false);
        var revision = request.Revision > 0 ? request.Revision : head.Revision;
        var more = request.Limit > 0 && head.Count > request.Limit;
        var key = request.Key;
        var left = request.CountOnly ? 0 : request.Limit > 0 ? Math.Min(request.Limit, head.Count) : head.Count;
        while (left > 0)
        {
            var page = With(request, key, left, revision, countOnly: false);
            var found = await calls.AskPlainAsync(
                member => member.RangePageAsync(page, targetChunkBytes, cancellationToken), cancellationToken).ConfigureAwait(false);
            left = found.IsLast ? 0 : left - found.Kvs.Count;
            if (left > 0)
            {
                key = After(found.Kvs[^1].Key);
                yield return new RangeResult { Kvs = found.Kvs };
            }
            else
            {
                yield return new RangeResult { Kvs = found.Kvs, Revision = head.Revision, Count = head.Count, More = more };
                yield break;
            }
        }

        yield return new RangeResult { Revision = head.Revision, Count = head.Count, More = more };
    }

    public ValueTask<KvResult> WriteAsync(KvOperation operation, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.WriteAsync(operation, cancellationToken), cancellationToken);

    public ValueTask<TxnResult> ReadTxnAsync(TxnRequest request, bool serializable, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.ReadTxnAsync(request, serializable, cancellationToken), cancellationToken);

    /// <summary>Doing it twice would answer the second time that the revision is compacted.</summary>
    public ValueTask<CompactResult> CompactAsync(long revision, bool physical, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.CompactAsync(revision, physical, cancellationToken), cancellationToken);

    private static byte[] After(ReadOnlyMemory<byte> key) => [.. key.Span, 0];

    private static RangeRequest With(RangeRequest request, ReadOnlyMemory<byte> key, long limit, long revision, bool countOnly) => new()
    {
        Key = key,
        RangeEnd = request.RangeEnd,
        Limit = limit,
        Revision = revision,
        SortOrder = request.SortOrder,
        SortTarget = request.SortTarget,
        Serializable = request.Serializable && revision == request.Revision,
        KeysOnly = request.KeysOnly,
        CountOnly = countOnly,
    };
}
