using Krewe.Api.Hosting;
using Krewe.Api.Validation;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;

namespace Krewe.Api.Services.Concurrency;

/// <summary>
/// The queue that locks and elections share: keys below one prefix, ordered by their create revision, each attached to the lease of
/// whoever waits. The first of them holds the lock or leads (behaviours 290, 298).
/// </summary>
internal sealed class CandidateQueue(IKeyspaceClient keyspace, ILeaseClient leases, KeyWatcher watcher, ApiOptions options)
{
    /// <summary>TTL of the lease that stands in for a missing one; nobody renews it (behaviour 292).</summary>
    private const long DefaultTtlSeconds = 60;

    /// <summary>More than what a transaction of this shape has beside its keys and its value, in bytes.</summary>
    private const int TxnOverheadBytes = 128;

    /// <summary>The given lease, or a new one for 0.</summary>
    public async ValueTask<long> LeaseAsync(long lease, CancellationToken cancellationToken) =>
        lease != 0 ? lease : (await leases.GrantAsync(0, DefaultTtlSeconds, cancellationToken)).Id;

    /// <summary>Puts the candidate's key if it is absent, else reads it, and looks who is first.</summary>
    public async ValueTask<Candidacy> EnterAsync(
        byte[] prefix, byte[] key, ReadOnlyMemory<byte> value, long lease, CancellationToken cancellationToken)
    {
        var put = new PutRequest { Key = key, Value = value, Lease = lease };
        var first = First(prefix);
        var result = await CommitAsync(key, 0, [put, first], [One(key), first], cancellationToken);
        var firstCreateRevision = ((RangeResult)result.Responses[1]).Kvs[0].CreateRevision;
        if (result.Succeeded)
        {
            return new Candidacy(result.Revision, result.Revision, firstCreateRevision, value);
        }

        var kv = ((RangeResult)result.Responses[0]).Kvs[0];
        return new Candidacy(kv.CreateRevision, result.Revision, firstCreateRevision, kv.Value);
    }

    /// <summary>Writes or deletes a candidate's key if it still lives the life that began at <paramref name="createRevision"/>.</summary>
    public ValueTask<TxnResult> ChangeAsync(
        ReadOnlyMemory<byte> key, long createRevision, KvOperation change, CancellationToken cancellationToken) =>
        CommitAsync(key, createRevision, [change], [], cancellationToken);

    /// <summary>Deletes a key and answers the revision of the header.</summary>
    public async ValueTask<long> DeleteAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        (await keyspace.WriteAsync(new DeleteRangeRequest { Key = key }, cancellationToken)).Revision;

    public ValueTask<RangeResult> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        keyspace.RangeAsync(One(key), cancellationToken);

    /// <summary>The key with the lowest create revision, if there is one.</summary>
    public ValueTask<RangeResult> FirstAsync(byte[] prefix, CancellationToken cancellationToken) =>
        keyspace.RangeAsync(First(prefix), cancellationToken);

    /// <summary>
    /// Waits until no key of the prefix is older than <paramref name="createRevision"/>. Only the next older one is watched, so that a
    /// release wakes one waiter.
    /// </summary>
    public async Task WaitForTurnAsync(byte[] prefix, long createRevision, CancellationToken cancellationToken)
    {
        while (true)
        {
            var older = await keyspace.RangeAsync(NextOlder(prefix, createRevision), cancellationToken);
            if (older.Kvs.Count == 0)
            {
                return;
            }

            await watcher.WaitForDeleteAsync(older.Kvs[0].Key, older.Revision, cancellationToken);
        }
    }

    private static RangeRequest One(ReadOnlyMemory<byte> key) => new() { Key = key };

    private static RangeRequest First(byte[] prefix) => new()
    {
        Key = prefix,
        RangeEnd = CandidateKey.EndOf(prefix),
        Limit = 1,
        SortTarget = SortTarget.Create,
        SortOrder = SortOrder.Ascend,
    };

    private static RangeRequest NextOlder(byte[] prefix, long createRevision) => new()
    {
        Key = prefix,
        RangeEnd = CandidateKey.EndOf(prefix),
        Limit = 1,
        MaxCreateRevision = createRevision - 1,
        SortTarget = SortTarget.Create,
        SortOrder = SortOrder.Descend,
    };

    private async ValueTask<TxnResult> CommitAsync(
        ReadOnlyMemory<byte> key, long createRevision, KvOperation[] success, KvOperation[] failure, CancellationToken cancellationToken)
    {
        var valueBytes = success[0] is PutRequest put ? put.Value.Length : 0;
        var keys = 1L + success.Length + failure.Length;
        if (RequestSize.IsTooLarge(TxnOverheadBytes + (keys * key.Length) + valueBytes, options.MaxRequestBytes))
        {
            throw new EtcdException(EtcdError.RequestTooLarge);
        }

        var unchanged = new Compare { Key = key, Target = CompareTarget.Create, Result = CompareResult.Equal, Number = createRevision };
        var txn = new TxnRequest { Compares = [unchanged], Success = success, Failure = failure };
        return (TxnResult)await keyspace.WriteAsync(txn, cancellationToken);
    }
}
